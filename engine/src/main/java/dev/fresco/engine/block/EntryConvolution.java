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

/** The first convolution of a network, which keeps the size. */
public final class EntryConvolution {
  private final Kernel kernel;
  private final KernelWeights weights;
  private final String name;
  private final int padding;

  /**
   * @param width of the kernel, odd
   */
  public EntryConvolution(WeightSet weights, String name, int in, int out, int width) {
    this.kernel = weights.kernel("convolution");
    this.weights = weights.part(name, new WeightShapes().convolution("", in, out, width));
    this.name = name;
    this.padding = width / 2;
  }

  /**
   * @param x {@code [rows, in, height, width]} per group
   * @return {@code [rows, out, height, width]} per group
   */
  public Maps forward(NDManager scope, Maps x, AdapterTerms terms) {
    return kernel
        .call("entry")
        .maps(x)
        .weights(weights)
        .integer(padding)
        .adapters(name, terms)
        .runForMaps(scope);
  }

  /**
   * On active tokens.
   *
   * @param x whole maps, {@code [rows, in, height, width]} per member
   * @return {@code [tokens, out]}
   */
  public NDArray active(ActivePass pass, Maps x) {
    return kernel
        .call("active_entry")
        .maps(x)
        .weights(weights)
        .integers(pass.layout().counts(0))
        .tensor(pass.layout().fromWhole().index())
        .adapters(name, pass.terms())
        .run(pass.scope());
  }

  /** For one map. */
  public NDArray forward(NDManager scope, NDArray x) {
    return forward(scope, new Maps(x), AdapterTerms.none()).group(0);
  }
}
