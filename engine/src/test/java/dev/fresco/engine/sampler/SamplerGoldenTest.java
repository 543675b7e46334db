package dev.fresco.engine.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fresco.engine.GoldenTensors;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Trajectories of diffusers' schedulers on the "network" {@code 0.6 tanh(input) + 0.2 sin(t /
 * 100)}, for every configuration of the classes that are ported.
 */
class SamplerGoldenTest {
  private static final double LIMIT = 1e-5;
  private static final double TIMESTEP_LIMIT = 1e-3;
  private static final Map<String, Samplers> CLASSES =
      Map.of(
          "DDIMScheduler", Samplers.DDIM,
          "EulerDiscreteScheduler", Samplers.EULER,
          "DPMSolverMultistepScheduler", Samplers.DPMPP_2M);

  @Test
  void trajectoriesAgreeWithDiffusers() {
    Map<String, Double> errors = errors("samplers", 38);
    report(errors);
    assertThat(errors).allSatisfy((name, error) -> assertThat(error).isLessThanOrEqualTo(LIMIT));
  }

  private static Map<String, Double> errors(String fixture, int expected) {
    GoldenTensors golden = GoldenTensors.read(fixture + ".safetensors");
    Map<String, Double> errors = new TreeMap<>();
    GoldenTensors.json(fixture + ".json")
        .properties()
        .forEach(
            entry -> {
              JsonNode spec = entry.getValue();
              Samplers sampler = CLASSES.get(spec.get("class").stringValue());
              JsonNode config = spec.get("config");
              if (sampler != null
                  && !config.path("algorithm_type").asString("").startsWith("sde")) {
                errors.put(entry.getKey(), worstError(golden, entry.getKey(), sampler, spec));
              }
            });
    assertThat(errors).hasSize(expected);
    return errors;
  }

  private static double worstError(
      GoldenTensors golden, String name, Samplers sampler, JsonNode spec) {
    SchedulerConfig config = SchedulerConfig.parse(name, spec.get("config").toString());
    SamplerSchedule schedule = sampler.from(config).schedule(spec.get("steps").intValue());
    float[] timesteps = golden.floats(name + "/timesteps");
    assertThat(schedule.steps()).as(name).hasSameSizeAs(timesteps);

    double[] sample = new double[golden.floats(name + "/start").length];
    double[] previous = new double[sample.length];
    for (int i = 0; i < sample.length; i++) {
      sample[i] = golden.floats(name + "/start")[i];
    }
    double worst = 0;
    for (int i = 0; i < timesteps.length; i++) {
      StepCoefficients step = schedule.steps().get(i);
      assertThat(step.timestep())
          .as(name + " step " + i)
          .isCloseTo(timesteps[i], within(TIMESTEP_LIMIT));
      Trajectory.advance(step, sample, previous);
      worst = Math.max(worst, Trajectory.error(sample, golden.floats(name + "/step." + i)));
    }
    return worst;
  }

  private static void report(Map<String, Double> errors) {
    errors.forEach((name, error) -> System.out.printf("%-45s %.2e%n", name, error));
  }
}
