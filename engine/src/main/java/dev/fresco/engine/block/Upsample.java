package dev.fresco.engine.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.checkpoint.WeightSet;
import dev.fresco.engine.checkpoint.WeightShapes;
import dev.fresco.engine.kernel.AdapterTerms;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.kernel.KernelWeights;
import dev.fresco.engine.kernel.Maps;
import dev.fresco.engine.mask.ActivePass;

/** Enlarges maps by nearest neighbours, then a 3x3 convolution; diffusers' {@code Upsample2D}. */
public final class Upsample {
  private final Kernel kernel;
  private final KernelWeights weights;
  private final String name;

  public Upsample(WeightSet weights, String name, int channels) {
    this.kernel = weights.kernel("convolution");
    this.weights =
        weights.part(name + ".conv", new WeightShapes().convolution("", channels, channels, 3));
    this.name = name + ".conv";
  }

  /**
   * @param x {@code [rows, channels, any, any]} per group
   * @param sizes height and width of each group's result
   * @return {@code [rows, channels, height, width]} per group
   */
  public Maps forward(NDManager scope, Maps x, long[] sizes, AdapterTerms terms) {
    return kernel
        .call("enlarge")
        .maps(x)
        .weights(weights)
        .integers(sizes)
        .adapters(name, terms)
        .runForMaps(scope);
  }

  /**
   * On active tokens.
   *
   * @param level of what comes in
   * @param x {@code [tokens, channels]}
   * @return {@code [tokens of the other level, channels]}
   */
  public NDArray active(ActivePass pass, int level, NDArray x) {
    return new ActiveConvolution(kernel, weights, name).forward(pass, level, level - 1, x);
  }

  /** For one map. */
  public NDArray forward(NDManager scope, NDArray x, long height, long width) {
    return forward(scope, new Maps(x), new long[] {height, width}, AdapterTerms.none()).group(0);
  }
}
