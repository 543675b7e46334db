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

/** Halves maps with a strided 3x3 convolution; diffusers' {@code Downsample2D}. */
public final class Downsample {
  private final Kernel kernel;
  private final KernelWeights weights;
  private final String name;
  private final int padding;

  /**
   * @param padding on all sides; 0 means one row and column at the far ends only
   */
  public Downsample(WeightSet weights, String name, int channels, int padding) {
    this.kernel = weights.kernel("convolution");
    this.weights =
        weights.part(name + ".conv", new WeightShapes().convolution("", channels, channels, 3));
    this.name = name + ".conv";
    this.padding = padding;
  }

  /**
   * @param x {@code [rows, channels, height, width]} per group
   * @return {@code [rows, channels, height / 2, width / 2]}, rounded up with padding 1
   */
  public Maps forward(NDManager scope, Maps x, AdapterTerms terms) {
    return kernel
        .call("halve")
        .maps(x)
        .weights(weights)
        .integer(padding)
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
    return new ActiveConvolution(kernel, weights, name).forward(pass, level, level + 1, x);
  }

  /** For one map. */
  public NDArray forward(NDManager scope, NDArray x) {
    return forward(scope, new Maps(x), AdapterTerms.none()).group(0);
  }
}
