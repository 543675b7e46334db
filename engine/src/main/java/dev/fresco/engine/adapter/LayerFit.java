package dev.fresco.engine.adapter;

import dev.fresco.engine.HostTensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * A file's layer beside those of the network that it is for. A linear layer and a convolution of
 * one pixel are the same numbers, and files have either for either.
 */
record LayerFit(LoraLayer layer, LayerTarget target, NetworkLayers network) {

  /** Why the shapes do not fit; empty if they do. */
  Optional<String> problem() {
    List<long[]> wanted = target.paths().stream().map(network.shapes()::get).toList();
    long[] down = layer.down().shape();
    long[] up = layer.up().shape();
    long out = wanted.stream().mapToLong(shape -> shape[0]).sum();
    boolean fits =
        up[0] == out
            && wanted.stream().allMatch(shape -> sameInput(shape, down))
            && wanted.stream().allMatch(shape -> shape.length == wanted.get(0).length)
            && (!target.halvesSwapped() || out % 2 == 0);
    return fits
        ? Optional.empty()
        : Optional.of(
            "has the shape %s after %s, which does not fit %s"
                .formatted(Arrays.toString(up), Arrays.toString(down), described(wanted)));
  }

  private String described(List<long[]> shapes) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < shapes.size(); i++) {
      text.append(i == 0 ? "" : ", ")
          .append(target.paths().get(i))
          .append(' ')
          .append(Arrays.toString(shapes.get(i)));
    }
    return text.toString();
  }

  private static boolean sameInput(long[] weight, long[] down) {
    return weight[1] == down[1] && Arrays.equals(kernel(weight), kernel(down));
  }

  /** Height and width; a linear layer's are 1. */
  private static long[] kernel(long[] shape) {
    return shape.length == 4 ? new long[] {shape[2], shape[3]} : new long[] {1, 1};
  }

  /**
   * Divides the numbers among the network's layers. Layers that are one in the file share the down
   * half.
   *
   * @return by the layers' paths
   */
  Map<String, LowRank> parts(float[] down, float[] up, double scale) {
    int rank = layer.rank();
    float[] ordered = target.halvesSwapped() ? swapped(up) : up;
    long[] inner = network.shapes().get(target.paths().get(0)).clone();
    inner[0] = rank;
    HostTensor shared = HostTensor.of(down, inner);
    Map<String, LowRank> parts = new TreeMap<>();
    int row = 0;
    for (String path : target.paths()) {
      long[] weight = network.shapes().get(path);
      int out = (int) weight[0];
      float[] rows = Arrays.copyOfRange(ordered, row * rank, (row + out) * rank);
      long[] outer = LongStream.of(weight).map(size -> 1).toArray();
      outer[0] = out;
      outer[1] = rank;
      parts.put(path, new LowRank(shared, HostTensor.of(rows, outer), scale));
      row += out;
    }
    return parts;
  }

  private static float[] swapped(float[] up) {
    int half = up.length / 2;
    float[] swapped = new float[up.length];
    System.arraycopy(up, half, swapped, 0, half);
    System.arraycopy(up, 0, swapped, half, half);
    return swapped;
  }
}
