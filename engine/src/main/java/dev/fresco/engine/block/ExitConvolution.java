package dev.fresco.engine.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.checkpoint.Normalisation;
import dev.fresco.engine.checkpoint.WeightSet;
import dev.fresco.engine.checkpoint.WeightShapes;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.kernel.KernelWeights;

/** The end of a network: GroupNorm, SiLU, a convolution that keeps the size. */
public final class ExitConvolution {
  private final Kernel kernel;
  private final KernelWeights normWeights;
  private final KernelWeights weights;
  private final Normalisation norm;
  private final int padding;

  /**
   * The parts are named {@code conv_norm_out} and {@code conv_out}, as everywhere in diffusers.
   *
   * @param prefix before these names, with its dot; may be empty
   * @param width of the kernel, odd
   */
  public ExitConvolution(
      WeightSet weights, String prefix, int in, int out, int width, Normalisation norm) {
    this.kernel = weights.kernel("convolution");
    this.normWeights = weights.part(prefix + "conv_norm_out", new WeightShapes().norm("", in));
    this.weights =
        weights.part(prefix + "conv_out", new WeightShapes().convolution("", in, out, width));
    this.norm = norm;
    this.padding = width / 2;
  }

  /**
   * @param x {@code [batch, in, height, width]}
   * @return fp32 {@code [batch, out, height, width]}
   */
  public NDArray forward(NDManager scope, NDArray x) {
    return kernel
        .call("exit")
        .tensor(x)
        .weights(normWeights)
        .weights(weights)
        .integer(norm.groups())
        .decimal(norm.epsilon())
        .integer(padding)
        .run(scope);
  }
}
