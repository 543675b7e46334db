package dev.fresco.engine.dit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.checkpoint.FluxTransformerConfig;
import dev.fresco.engine.checkpoint.WeightSet;
import dev.fresco.engine.checkpoint.WeightShapes;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.kernel.KernelWeights;

/**
 * Timestep, guidance scale and the text as a whole in one row a member; diffusers' {@code
 * CombinedTimestepGuidanceTextProjEmbeddings}, and {@code CombinedTimestepTextProjEmbeddings} where
 * there is no guidance.
 */
final class ConditionEmbedding {
  private static final String NAME = "time_text_embed";

  /** Sines and cosines of a number, fixed in the reference's class and in the kernel. */
  private static final int WAVES = 256;

  private final Kernel kernel;
  private final KernelWeights weights;

  ConditionEmbedding(WeightSet weights, FluxTransformerConfig config) {
    int channels = config.heads().channels();
    WeightShapes shapes = new WeightShapes();
    projection(shapes, "timestep_embedder", WAVES, channels);
    projection(shapes, "text_embedder", config.conditions().pooledChannels(), channels);
    if (config.conditions().guidance()) {
      projection(shapes, "guidance_embedder", WAVES, channels);
    }
    this.kernel = weights.kernel("flux");
    this.weights = weights.part(NAME, shapes);
  }

  /**
   * @return fp32 {@code [members, channels]}
   */
  NDArray forward(NDManager scope, FluxInput input) {
    FluxInput.Conditions conditions = input.conditions();
    return kernel
        .call("conditions")
        .tensor(conditions.timesteps())
        .tensor(conditions.guidance())
        .tensor(conditions.pooled())
        .weights(weights)
        .integers(input.layout().placeCounts())
        .adapters(NAME + ".", input.terms())
        .run(scope);
  }

  private static void projection(WeightShapes shapes, String name, int in, int channels) {
    shapes.linear(name + ".linear_1", in, channels).linear(name + ".linear_2", channels, channels);
  }
}
