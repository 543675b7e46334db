package dev.fresco.engine.dit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.checkpoint.FluxTransformerConfig;
import dev.fresco.engine.checkpoint.WeightSet;
import dev.fresco.engine.checkpoint.WeightShapes;
import dev.fresco.engine.kernel.AdapterTerms;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.kernel.KernelWeights;
import java.util.Optional;

/**
 * Timestep, guidance scale and the text as a whole in one row a member; diffusers' {@code
 * CombinedTimestepGuidanceTextProjEmbeddings}, and {@code CombinedTimestepTextProjEmbeddings} where
 * there is no guidance.
 */
final class ConditionEmbedding {
  private static final String NAME = "time_text_embed";
  private static final int WAVES = 256;
  private static final float TRAINING_STEPS = 1000;

  private final Kernel timestep;
  private final Kernel kernel;
  private final KernelWeights time;
  private final Optional<KernelWeights> guidance;
  private final KernelWeights text;

  ConditionEmbedding(WeightSet weights, FluxTransformerConfig config) {
    int channels = config.heads().channels();
    timestep = weights.kernel("timestep");
    kernel = weights.kernel("flux");
    time = weights.part(NAME + ".timestep_embedder", projection(WAVES, channels));
    guidance =
        config.conditions().guidance()
            ? Optional.of(weights.part(NAME + ".guidance_embedder", projection(WAVES, channels)))
            : Optional.empty();
    text =
        weights.part(
            NAME + ".text_embedder", projection(config.conditions().pooledChannels(), channels));
  }

  /**
   * @return fp32 {@code [members, channels]}
   */
  NDArray forward(NDManager scope, FluxInput.Conditions conditions) {
    NDArray embedded = waves(scope, conditions.timesteps(), time);
    if (guidance.isPresent()) {
      embedded = embedded.add(waves(scope, conditions.guidance(), guidance.get()));
    }
    return kernel
        .call("conditions")
        .tensor(embedded)
        .tensor(conditions.pooled())
        .weights(text)
        .run(scope);
  }

  private NDArray waves(NDManager scope, NDArray numbers, KernelWeights weights) {
    try (NDArray scaled = numbers.mul(TRAINING_STEPS)) {
      return timestep
          .call("forward")
          .tensor(scaled)
          .weights(weights)
          .integer(WAVES)
          .flag(true)
          .decimal(0)
          .integers()
          .adapters("", AdapterTerms.none())
          .run(scope);
    }
  }

  private static WeightShapes projection(int in, int channels) {
    return new WeightShapes()
        .linear("linear_1", in, channels)
        .linear("linear_2", channels, channels);
  }
}
