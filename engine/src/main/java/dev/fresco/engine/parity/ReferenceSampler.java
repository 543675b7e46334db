package dev.fresco.engine.parity;

import dev.fresco.engine.sampler.Samplers;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Which sampler stands for a scheduler of diffusers. */
final class ReferenceSampler {
  private static final Map<String, Samplers> CLASSES =
      Map.of(
          "DDIMScheduler", Samplers.DDIM,
          "EulerDiscreteScheduler", Samplers.EULER,
          "DPMSolverMultistepScheduler", Samplers.DPMPP_2M);

  private ReferenceSampler() {}

  /**
   * The sampler for a class and its options; empty where the engine does not have it.
   *
   * @param config as in {@code scheduler_config.json}
   */
  static Optional<Samplers> of(String className, JsonNode config) {
    String algorithm = config.path("algorithm_type").asString("dpmsolver++");
    return className.startsWith("DPMSolver") && !algorithm.equals("dpmsolver++")
        ? Optional.empty()
        : Optional.ofNullable(CLASSES.get(className));
  }
}
