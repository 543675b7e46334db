package dev.fresco.engine.text;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.fresco.engine.EngineException;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.checkpoint.ClipTextConfig;
import dev.fresco.engine.kernel.KernelWeights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a request's adapters add to the layers of a CLIP text encoder. The weights themselves stay
 * as they are, since other requests are encoded with them at the same time.
 *
 * <p>Per layer a map from {@code self_attn.q_proj.down} {@code [rank, in]} and {@code
 * self_attn.q_proj.up} {@code [out, rank]} and so on. Several adapters lie side by side along the
 * rank, with their scales in {@code up}: {@code x [d1; d2]^T [s1 u1, s2 u2]^T} is the sum of both.
 */
public final class LayerTerms {
  private static final String OPTIONAL_PREFIX = "text_model.";
  private static final String LAYERS = "encoder.layers.";

  private final List<Map<String, HostTensor>> layers;

  private LayerTerms(List<Map<String, HostTensor>> layers) {
    this.layers = layers;
  }

  /** A pair at its adapter's scale. */
  private record Scaled(LowRankPair pair, double scale) {}

  /**
   * Adds adapters up.
   *
   * @param encoder which of the family's encoders this is, from 0
   * @throws EngineException naming the adapter and the path of what the encoder does not have or
   *     has in another shape
   */
  public static LayerTerms of(ClipTextConfig config, List<TextAdapter> adapters, int encoder) {
    List<Map<String, List<Scaled>>> collected = new ArrayList<>();
    for (int i = 0; i < config.layers(); i++) {
      collected.add(new TreeMap<>());
    }
    for (TextAdapter adapter : adapters) {
      adapter
          .pairsOf(encoder)
          .forEach(
              (path, pair) -> {
                Place place = Place.of(path, config, adapter);
                place.requireFits(pair, config, adapter);
                collected
                    .get(place.layer())
                    .computeIfAbsent(place.linear(), linear -> new ArrayList<>())
                    .add(new Scaled(pair, adapter.scale()));
              });
    }
    return new LayerTerms(collected.stream().map(LayerTerms::joined).toList());
  }

  /** Nothing for any layer. */
  public static LayerTerms none(ClipTextConfig config) {
    return of(config, List.of(), 0);
  }

  /** Whether no layer gets anything. */
  boolean isEmpty() {
    return layers.stream().allMatch(Map::isEmpty);
  }

  /** By layer; see the class. */
  List<Map<String, HostTensor>> layers() {
    return layers;
  }

  /** As the kernel takes them: tensors belong to the scope, the caller closes the list. */
  KernelWeights on(NDManager scope) {
    List<KernelWeights> each = new ArrayList<>();
    try {
      for (Map<String, HostTensor> layer : layers) {
        Map<String, NDArray> tensors = new HashMap<>();
        layer.forEach(
            (name, tensor) ->
                tensors.put(name, scope.create(tensor.data(), new Shape(tensor.shape()))));
        each.add(KernelWeights.of(tensors));
      }
      return KernelWeights.listOf(each);
    } finally {
      each.forEach(KernelWeights::close);
    }
  }

  private static Map<String, HostTensor> joined(Map<String, List<Scaled>> linears) {
    Map<String, HostTensor> tensors = new TreeMap<>();
    linears.forEach(
        (linear, scaled) -> {
          tensors.put(linear + ".down", down(scaled));
          tensors.put(linear + ".up", up(scaled));
        });
    return Map.copyOf(tensors);
  }

  /** {@code [sum of ranks, in]}: one below the other. */
  private static HostTensor down(List<Scaled> scaled) {
    int in = (int) scaled.get(0).pair().down().shape()[1];
    int ranks = scaled.stream().mapToInt(each -> each.pair().rank()).sum();
    float[] joined = new float[ranks * in];
    int at = 0;
    for (Scaled each : scaled) {
      float[] data = each.pair().down().data();
      System.arraycopy(data, 0, joined, at, data.length);
      at += data.length;
    }
    return HostTensor.of(joined, ranks, in);
  }

  /** {@code [out, sum of ranks]}: side by side, each times its scale. */
  private static HostTensor up(List<Scaled> scaled) {
    int out = (int) scaled.get(0).pair().up().shape()[0];
    int ranks = scaled.stream().mapToInt(each -> each.pair().rank()).sum();
    float[] joined = new float[out * ranks];
    int column = 0;
    for (Scaled each : scaled) {
      int rank = each.pair().rank();
      float[] data = each.pair().up().data();
      for (int i = 0; i < data.length; i++) {
        joined[i / rank * ranks + column + i % rank] = (float) (data[i] * each.scale());
      }
      column += rank;
    }
    return HostTensor.of(joined, out, ranks);
  }

  /** A linear layer of the encoder. */
  private record Place(int layer, String linear) {

    static Place of(String path, ClipTextConfig config, TextAdapter adapter) {
      String inside =
          path.startsWith(OPTIONAL_PREFIX) ? path.substring(OPTIONAL_PREFIX.length()) : path;
      for (int layer = 0; layer < config.layers(); layer++) {
        String prefix = LAYERS + layer + ".";
        if (inside.startsWith(prefix)) {
          return new Place(layer, inside.substring(prefix.length()));
        }
      }
      throw new EngineException(
          "adapter %s: the text encoder of %d layers has no %s"
              .formatted(adapter.identity(), config.layers(), path));
    }

    void requireFits(LowRankPair pair, ClipTextConfig config, TextAdapter adapter) {
      long[] expected = ClipTextEncoder.linears(config.widths()).get(linear); // [out, in]
      long[] found = {pair.up().shape()[0], pair.down().shape()[1]};
      if (!Arrays.equals(expected, found)) {
        throw new EngineException(
            "adapter %s: %s of layer %d is %s; the text encoder has %s"
                .formatted(
                    adapter.identity(),
                    linear,
                    layer,
                    Arrays.toString(found),
                    expected == null ? "none" : Arrays.toString(expected)));
      }
    }
  }
}
