package dev.fresco.engine.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.checkpoint.Normalisation;
import dev.fresco.engine.checkpoint.WeightSet;
import dev.fresco.engine.checkpoint.WeightShapes;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.kernel.KernelWeights;

/** diffusers' {@code ResnetBlock2D} without time embedding, for maps that may not be whole. */
final class KlResnet {
  /** 3x3 convolutions in a row. */
  static final int CONVOLUTIONS = 2;

  private final Kernel kernel;
  private final KernelWeights weights;
  private final Normalisation norm;

  KlResnet(WeightSet set, String name, int in, int out, Normalisation norm) {
    WeightShapes shapes =
        new WeightShapes()
            .norm("norm1", in)
            .convolution("conv1", in, out, 3)
            .norm("norm2", out)
            .convolution("conv2", out, out, 3);
    this.kernel = set.kernel("autoencoder");
    this.weights =
        set.part(name, in == out ? shapes : shapes.convolution("conv_shortcut", in, out, 1));
    this.norm = norm;
  }

  /**
   * @param x {@code [batch, in, height, width]}
   * @param whole whether x is the whole map
   * @return {@code [batch, out, height, width]}
   */
  NDArray forward(NDManager scope, NDArray x, DecoderNorms norms, boolean whole) {
    try (NDArray given = norms.take(scope, 2, whole)) {
      NDArray[] made =
          kernel
              .call("resnet")
              .tensor(x)
              .weights(weights)
              .integer(norm.groups())
              .decimal(norm.epsilon())
              .tensor(given)
              .runForList(scope);
      try (NDArray statistics = made[1]) {
        norms.keep(statistics);
      }
      return made[0];
    }
  }
}
