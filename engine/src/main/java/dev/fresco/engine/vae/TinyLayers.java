package dev.fresco.engine.vae;

import dev.fresco.engine.checkpoint.WeightSet;
import dev.fresco.engine.checkpoint.WeightShapes;
import dev.fresco.engine.kernel.KernelWeights;
import java.util.ArrayList;
import java.util.List;

/**
 * Claims the layers of one half of {@code AutoencoderTiny} in order: the checkpoint names them by
 * their place in one long sequence, in which layers without weights count too.
 */
final class TinyLayers {
  /** 3x3 ones in a row, of a block. */
  static final int CONVOLUTIONS = 3;

  private final WeightSet weights;
  private final String half;
  private int next;

  /**
   * @param half {@code encoder} or {@code decoder}
   */
  TinyLayers(WeightSet weights, String half) {
    this.weights = weights;
    this.half = half;
  }

  /** A 3x3 convolution with bias. */
  KernelWeights convolution(int in, int out) {
    return claim(new WeightShapes().convolution("", in, out, 3));
  }

  /** A 3x3 convolution without bias. */
  KernelWeights filter(int channels) {
    return claim(new WeightShapes().filter("", channels, channels, 3));
  }

  /** Residual blocks of three convolutions, at least one. */
  KernelWeights blocks(int count, int channels) {
    List<KernelWeights> blocks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      blocks.add(
          claim(
              new WeightShapes()
                  .convolution("conv.0", channels, channels, 3)
                  .convolution("conv.2", channels, channels, 3)
                  .convolution("conv.4", channels, channels, 3)));
    }
    return weights.list(blocks);
  }

  /** Passes over a layer without weights. */
  void skip() {
    next++;
  }

  private KernelWeights claim(WeightShapes shapes) {
    return weights.part(half + ".layers." + next++, shapes);
  }
}
