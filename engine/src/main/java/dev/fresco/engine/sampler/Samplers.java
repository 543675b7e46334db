package dev.fresco.engine.sampler;

import dev.fresco.engine.EngineException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** The samplers by the names that requests use. */
public enum Samplers {
  DDIM("ddim", DdimSampler::of),
  EULER("euler", config -> EulerSampler.of(config, config.flag("use_karras_sigmas", false))),
  EULER_KARRAS("euler-karras", config -> EulerSampler.of(config, true)),
  DPMPP_2M(
      "dpmpp-2m", config -> DpmSolverSampler.of(config, config.flag("use_karras_sigmas", false))),
  DPMPP_2M_KARRAS("dpmpp-2m-karras", config -> DpmSolverSampler.of(config, true));

  private final String name;
  private final Function<SchedulerConfig, Sampler> factory;

  Samplers(String name, Function<SchedulerConfig, Sampler> factory) {
    this.name = name;
    this.factory = factory;
  }

  /**
   * @throws EngineException if no sampler has this name; the message lists those that exist
   */
  public static Samplers named(String name) {
    return Arrays.stream(values())
        .filter(sampler -> sampler.name.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new EngineException(
                    "sampler is " + name + "; it must be one of " + String.join(", ", names())));
  }

  /** All names, in the order of this enum. */
  public static List<String> names() {
    return Arrays.stream(values()).map(Samplers::toString).toList();
  }

  /**
   * The sampler for a checkpoint.
   *
   * @param config of the checkpoint, whatever scheduler class it was written for
   * @throws EngineException if the config is wrong or asks for something unsupported; the message
   *     names key and value
   */
  public Sampler from(SchedulerConfig config) {
    return factory.apply(config);
  }

  /** The name that requests use. */
  @Override
  public String toString() {
    return name;
  }
}
