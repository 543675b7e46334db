package dev.fresco.engine.dit;

import ai.djl.ndarray.NDArray;
import dev.fresco.engine.checkpoint.FluxTransformerConfig.Heads;
import dev.fresco.engine.checkpoint.WeightSet;
import dev.fresco.engine.checkpoint.WeightShapes;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.kernel.KernelWeights;

/**
 * A block that treats words and places alike, with attention and feed-forward side by side;
 * diffusers' {@code FluxSingleTransformerBlock}.
 */
final class SingleStreamBlock {
  private final String name;
  private final Kernel kernel;
  private final KernelWeights weights;

  SingleStreamBlock(WeightSet weights, String name, Heads heads) {
    this.name = name;
    this.kernel = weights.kernel("flux");
    this.weights = weights.part(name, shapes(heads));
  }

  String name() {
    return name;
  }

  /**
   * Changes the tokens in place.
   *
   * @param tokens {@code [tokens, channels]}
   */
  void forward(Pass pass, NDArray tokens) {
    pass.run(
        kernel
            .call("single")
            .tensor(tokens)
            .tensor(pass.conditions())
            .weights(weights)
            .integers(pass.layout().tokenCounts())
            .integers(pass.layout().wordCounts())
            .tensors(pass.rotations()),
        name);
  }

  private static WeightShapes shapes(Heads heads) {
    long channels = heads.channels();
    return new WeightShapes()
        .linear("norm.linear", channels, 3 * channels)
        .linear("proj_mlp", channels, 4 * channels)
        .linear("proj_out", 5 * channels, channels)
        .linear("attn.to_q", channels, channels)
        .linear("attn.to_k", channels, channels)
        .linear("attn.to_v", channels, channels)
        .rmsNorm("attn.norm_q", heads.width())
        .rmsNorm("attn.norm_k", heads.width());
  }
}
