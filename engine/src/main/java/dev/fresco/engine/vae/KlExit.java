package dev.fresco.engine.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.checkpoint.Normalisation;
import dev.fresco.engine.checkpoint.WeightSet;
import dev.fresco.engine.checkpoint.WeightShapes;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.kernel.KernelWeights;

/** The end of a decoder: GroupNorm, SiLU, a 3x3 convolution to colours. */
final class KlExit {
  private final Kernel kernel;
  private final KernelWeights normWeights;
  private final KernelWeights weights;
  private final Normalisation norm;

  KlExit(WeightSet set, int in, Normalisation norm) {
    this.kernel = set.kernel("autoencoder");
    this.normWeights = set.part("decoder.conv_norm_out", new WeightShapes().norm("", in));
    this.weights = set.part("decoder.conv_out", new WeightShapes().convolution("", in, 3, 3));
    this.norm = norm;
  }

  /**
   * @param x {@code [batch, in, height, width]}
   * @param whole whether x is the whole map
   * @return fp32 {@code [batch, 3, height, width]}
   */
  NDArray forward(NDManager scope, NDArray x, DecoderNorms norms, boolean whole) {
    try (NDArray given = norms.take(scope, 1, whole)) {
      NDArray[] made =
          kernel
              .call("exit")
              .tensor(x)
              .weights(normWeights)
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
