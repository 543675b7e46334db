package dev.fresco.engine.parity;

import dev.fresco.engine.sampler.Samplers;
import dev.fresco.engine.sampler.SchedulerConfig;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a golden file says of a scheduler of diffusers: its class, its options, and for a shift that
 * follows the size the exponent {@code mu} it was given, if it was.
 *
 * @param config with the class as its own
 */
record ReferenceSampler(SchedulerConfig config) {
  /** For references that do not depend on it. */
  static final int ANY_TOKENS = 1;

  /**
   * @param name of the configuration, for messages
   * @param spec with {@code class}, {@code config} and maybe {@code mu}
   */
  static ReferenceSampler of(String name, JsonNode spec) {
    ObjectNode options = spec.path("config").asObject().deepCopy();
    options.set("_class_name", spec.path("class"));
    if (spec.path("mu").isNumber()) {
      // A line from tokens to mu that is flat gives this mu for any number of tokens.
      options.set("base_shift", spec.path("mu"));
      options.set("max_shift", spec.path("mu"));
    }
    return new ReferenceSampler(SchedulerConfig.parse(name, options.toString()));
  }

  /** The sampler that stands for it; empty where the engine does not have it. */
  Optional<Samplers> sampler() {
    return Samplers.configuredBy(config);
  }

  /** The class and what chooses between its algorithms. */
  String name() {
    JsonNode algorithm = config.values().get("algorithm_type");
    return config.className() + (algorithm == null ? "" : " (" + algorithm.asString() + ")");
  }
}
