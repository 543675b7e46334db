package dev.fresco.engine.dit;

import ai.djl.ndarray.NDArray;
import dev.fresco.engine.checkpoint.FluxTransformerConfig.Heads;
import dev.fresco.engine.checkpoint.WeightSet;
import dev.fresco.engine.checkpoint.WeightShapes;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.kernel.KernelWeights;

/**
 * A block with weights of their own for words and places, which meet in one attention; diffusers'
 * {@code FluxTransformerBlock}.
 */
final class DoubleStreamBlock {
  private final String name;
  private final Kernel kernel;
  private final KernelWeights weights;

  DoubleStreamBlock(WeightSet weights, String name, Heads heads) {
    this.name = name;
    this.kernel = weights.kernel("flux");
    this.weights = weights.part(name, shapes(heads));
  }

  String name() {
    return name;
  }

  /**
   * Changes both streams in place.
   *
   * @param words {@code [words, channels]}
   * @param places {@code [places, channels]}
   */
  void forward(Pass pass, NDArray words, NDArray places) {
    pass.run(
        kernel
            .call("double")
            .tensor(words)
            .tensor(places)
            .tensor(pass.conditions())
            .weights(weights)
            .integers(pass.layout().wordCounts())
            .integers(pass.layout().placeCounts())
            .tensors(pass.rotations()),
        name);
  }

  private static WeightShapes shapes(Heads heads) {
    int channels = heads.channels();
    WeightShapes shapes = new WeightShapes();
    stream(shapes, channels, "norm1.linear", "ff");
    stream(shapes, channels, "norm1_context.linear", "ff_context");
    for (String layer : new String[] {"to_q", "to_k", "to_v", "to_out.0"}) {
      shapes.linear("attn." + layer, channels, channels);
    }
    for (String layer : new String[] {"add_q_proj", "add_k_proj", "add_v_proj", "to_add_out"}) {
      shapes.linear("attn." + layer, channels, channels);
    }
    for (String norm : new String[] {"norm_q", "norm_k", "norm_added_q", "norm_added_k"}) {
      shapes.rmsNorm("attn." + norm, heads.width());
    }
    return shapes;
  }

  private static void stream(
      WeightShapes shapes, long channels, String modulation, String feedForward) {
    shapes
        .linear(modulation, channels, 6 * channels)
        .linear(feedForward + ".net.0.proj", channels, 4 * channels)
        .linear(feedForward + ".net.2", 4 * channels, channels);
  }
}
