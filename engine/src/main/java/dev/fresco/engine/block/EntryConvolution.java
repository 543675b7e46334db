package dev.fresco.engine.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.checkpoint.WeightSet;
import dev.fresco.engine.checkpoint.WeightShapes;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.kernel.KernelWeights;

/** The first convolution of a network, which keeps the size. */
public final class EntryConvolution {
  private final Kernel kernel;
  private final KernelWeights weights;
  private final int padding;

  /**
   * @param width of the kernel, odd
   */
  public EntryConvolution(WeightSet weights, String name, int in, int out, int width) {
    this.kernel = weights.kernel("convolution");
    this.weights = weights.part(name, new WeightShapes().convolution("", in, out, width));
    this.padding = width / 2;
  }

  /**
   * @param x {@code [batch, in, height, width]}
   * @return {@code [batch, out, height, width]}
   */
  public NDArray forward(NDManager scope, NDArray x) {
    return kernel.call("entry").tensor(x).weights(weights).integer(padding).run(scope);
  }
}
