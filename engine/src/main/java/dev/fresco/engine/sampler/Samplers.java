package dev.fresco.engine.sampler;

import dev.fresco.engine.EngineException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The samplers by the names that requests use. */
public enum Samplers {
  DDIM("ddim", DdimSampler::of),
  EULER("euler", config -> EulerSampler.of(config, Samplers.karras(config))),
  EULER_KARRAS("euler-karras", config -> EulerSampler.of(config, true)),
  EULER_ANCESTRAL("euler-ancestral", EulerSampler::ancestral),
  DPMPP_2M("dpmpp-2m", config -> DpmSolverSampler.of(config, Samplers.karras(config))),
  DPMPP_2M_KARRAS("dpmpp-2m-karras", config -> DpmSolverSampler.of(config, true)),
  DPMPP_2M_SDE("dpmpp-2m-sde", DpmSolverSampler::stochastic),
  UNIPC("unipc", UniPcSampler::of),
  LCM("lcm", LcmSampler::of),
  FLOW_EULER("flow-euler", FlowEulerSampler::of);

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

  /** The one that stands for the scheduler class a config was written for, if one does. */
  public static Optional<Samplers> configuredBy(SchedulerConfig config) {
    return switch (config.className()) {
      case "DDIMScheduler" -> Optional.of(DDIM);
      case "EulerDiscreteScheduler" -> Optional.of(karras(config) ? EULER_KARRAS : EULER);
      case "EulerAncestralDiscreteScheduler" -> Optional.of(EULER_ANCESTRAL);
      case "DPMSolverMultistepScheduler" -> dpmSolver(config);
      case "UniPCMultistepScheduler" -> Optional.of(UNIPC);
      case "LCMScheduler" -> Optional.of(LCM);
      case "FlowMatchEulerDiscreteScheduler" -> Optional.of(FLOW_EULER);
      default -> Optional.empty();
    };
  }

  private static Optional<Samplers> dpmSolver(SchedulerConfig config) {
    return switch (config.text("algorithm_type", "dpmsolver++")) {
      case "dpmsolver++" -> Optional.of(karras(config) ? DPMPP_2M_KARRAS : DPMPP_2M);
      case "sde-dpmsolver++" -> Optional.of(DPMPP_2M_SDE);
      default -> Optional.empty();
    };
  }

  private static boolean karras(SchedulerConfig config) {
    return config.flag("use_karras_sigmas", false);
  }

  /**
   * The sampler for a checkpoint.
   *
   * @param config of the checkpoint, whatever scheduler class it was written for
   * @throws EngineException if the config is wrong, asks for something unsupported, or belongs to a
   *     model of the other kind (flow matching or diffusion); the message names key and value
   */
  public Sampler from(SchedulerConfig config) {
    if (!suits(config)) {
      throw config.refusal(
          "_class_name",
          this == FLOW_EULER
              ? name + " needs a flow-matching model"
              : "a flow-matching model needs a flow-matching sampler, not " + name);
    }
    return factory.apply(config);
  }

  /** Whether the config's model is of the kind that this sampler is for. */
  boolean suits(SchedulerConfig config) {
    return config.ofFlowModel() == (this == FLOW_EULER);
  }

  /** The name that requests use. */
  @Override
  public String toString() {
    return name;
  }
}
