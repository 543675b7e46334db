package dev.fresco.engine.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.checkpoint.WeightSet;
import dev.fresco.engine.checkpoint.WeightShapes;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.kernel.KernelWeights;

/** Enlarges a map by nearest neighbours, then a 3x3 convolution; diffusers' {@code Upsample2D}. */
public final class Upsample {
  private final Kernel kernel;
  private final KernelWeights weights;

  public Upsample(WeightSet weights, String name, int channels) {
    this.kernel = weights.kernel("convolution");
    this.weights =
        weights.part(name + ".conv", new WeightShapes().convolution("", channels, channels, 3));
  }

  /**
   * @param x {@code [batch, channels, any, any]}
   * @return {@code [batch, channels, height, width]}
   */
  public NDArray forward(NDManager scope, NDArray x, long height, long width) {
    return kernel
        .call("enlarge")
        .tensor(x)
        .weights(weights)
        .integer(height)
        .integer(width)
        .run(scope);
  }
}
