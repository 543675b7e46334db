package dev.fresco.engine.block;

import ai.djl.ndarray.NDArray;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.kernel.KernelWeights;
import dev.fresco.engine.mask.ActivePass;
import dev.fresco.engine.mask.Gather;
import java.util.List;

/**
 * A 3x3 convolution between two sizes of maps, on active tokens.
 *
 * @param name of the layer, by which its input is recorded too
 */
record ActiveConvolution(Kernel kernel, KernelWeights weights, String name) {
  /**
   * @param from the level of what comes in
   * @param to the next one, larger or smaller
   * @param x {@code [tokens, channels]}
   * @return {@code [tokens of the other level, channels]}
   */
  NDArray forward(ActivePass pass, int from, int to, NDArray x) {
    Gather gather = pass.layout().resized(from, to);
    pass.keep(name, x, from);
    return kernel
        .call("active")
        .tensor(x)
        .weights(weights)
        .integers(pass.layout().counts(to))
        .tensor(gather.index())
        .tensors(gather.rings())
        .tensors(pass.recorded(List.of(name)))
        .adapters(name, pass.terms())
        .run(pass.scope());
  }
}
