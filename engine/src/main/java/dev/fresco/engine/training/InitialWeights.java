package dev.fresco.engine.training;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fresco.engine.HostTensor;
import dev.fresco.engine.noise.TorchNoise;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * Weights to start with. Each is drawn from the seed and its own name in the model, so a stage
 * draws what the whole model would. Matrices are normal with deviation 0.02, those that end a
 * residual branch divided by the root of the number of branches (Radford et al. 2019, section 2.3);
 * norms start at one, biases at zero.
 */
final class InitialWeights {
  private static final double DEVIATION = 0.02;

  private final LanguageModelShape shape;
  private final long seed;

  InitialWeights(LanguageModelShape shape, long seed) {
    this.shape = shape;
    this.seed = seed;
  }

  /**
   * The weights of a layer by their names within it.
   *
   * @param prefix the layer's name in the model, with its dot
   */
  Map<String, HostTensor> of(LayerKind kind, String prefix) {
    Map<String, HostTensor> drawn = new LinkedHashMap<>();
    shapes(kind).forEach((name, sizes) -> drawn.put(name, draw(prefix, name, sizes)));
    return drawn;
  }

  private Map<String, long[]> shapes(LayerKind kind) {
    int channels = shape.channels();
    Map<String, long[]> shapes = new LinkedHashMap<>();
    switch (kind) {
      case EMBEDDING -> {
        shapes.put("tokens.weight", new long[] {shape.vocabulary(), channels});
        shapes.put("positions.weight", new long[] {shape.positions(), channels});
      }
      case BLOCK -> {
        norm(shapes, "norm1");
        linear(shapes, "qkv", channels, 3 * channels);
        linear(shapes, "out", channels, channels);
        norm(shapes, "norm2");
        linear(shapes, "up", channels, shape.hidden());
        linear(shapes, "down", shape.hidden(), channels);
      }
      case HEAD -> {
        norm(shapes, "norm");
        shapes.put("head.weight", new long[] {shape.vocabulary(), channels});
      }
    }
    return shapes;
  }

  private void norm(Map<String, long[]> shapes, String name) {
    shapes.put(name + ".weight", new long[] {shape.channels()});
    shapes.put(name + ".bias", new long[] {shape.channels()});
  }

  private static void linear(Map<String, long[]> shapes, String name, int in, int out) {
    shapes.put(name + ".weight", new long[] {out, in});
    shapes.put(name + ".bias", new long[] {out});
  }

  private HostTensor draw(String prefix, String name, long[] sizes) {
    if (sizes.length == 1) {
      float[] same = new float[(int) sizes[0]];
      Arrays.fill(same, name.endsWith(".weight") ? 1 : 0);
      return HostTensor.of(same, sizes);
    }
    CRC32 own = new CRC32();
    own.update((seed + " " + prefix + name).getBytes(UTF_8));
    HostTensor noise = TorchNoise.standardNormal(own.getValue(), sizes);
    float deviation = (float) deviation(name);
    for (int i = 0; i < noise.data().length; i++) {
      noise.data()[i] *= deviation;
    }
    return noise;
  }

  private double deviation(String name) {
    boolean endsBranch = name.equals("out.weight") || name.equals("down.weight");
    return endsBranch ? DEVIATION / Math.sqrt(2.0 * shape.layers()) : DEVIATION;
  }
}
