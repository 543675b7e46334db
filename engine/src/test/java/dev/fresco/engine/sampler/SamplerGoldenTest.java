package dev.fresco.engine.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fresco.engine.GoldenTensors;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/**
 * Trajectories of diffusers' schedulers on the "network" {@code 0.6 tanh(input) + 0.2 sin(t /
 * 100)}, for every configuration of the classes that are ported.
 */
class SamplerGoldenTest {
  private static final double LIMIT = 1e-5;

  /** The reference keeps timesteps in fp32, and takes logarithms in it on their way. */
  private static final double TIMESTEP_LIMIT = 1e-3;

  private static final Map<String, Samplers> CLASSES =
      Map.of(
          "DDIMScheduler", Samplers.DDIM,
          "EulerDiscreteScheduler", Samplers.EULER,
          "DPMSolverMultistepScheduler", Samplers.DPMPP_2M);

  @ParameterizedTest
  @CsvSource({"samplers, 38", "sampler-options, 152"})
  void trajectoriesAgreeWithDiffusers(String fixture, int configurations) {
    GoldenTensors golden = GoldenTensors.read(fixture + ".safetensors");
    Map<String, Double> errors = new TreeMap<>();
    GoldenTensors.json(fixture + ".json")
        .properties()
        .forEach(
            entry -> {
              if (ported(entry.getValue())) {
                errors.put(entry.getKey(), worstError(golden, entry.getKey(), entry.getValue()));
              }
            });

    Map.Entry<String, Double> worst =
        errors.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow();
    System.out.printf(
        "%s: worst relative error of %d configurations is %.2e (%s)%n",
        fixture, errors.size(), worst.getValue(), worst.getKey());
    assertThat(errors).hasSize(configurations);
    assertThat(errors).allSatisfy((name, error) -> assertThat(error).isLessThanOrEqualTo(LIMIT));
  }

  private static boolean ported(JsonNode spec) {
    boolean random = spec.get("config").path("algorithm_type").asString("").startsWith("sde");
    return CLASSES.containsKey(spec.get("class").stringValue()) && !random;
  }

  private static double worstError(GoldenTensors golden, String name, JsonNode spec) {
    SchedulerConfig config = SchedulerConfig.parse(name, spec.get("config").toString());
    Samplers sampler = CLASSES.get(spec.get("class").stringValue());
    SamplerSchedule schedule = sampler.from(config).schedule(spec.get("steps").intValue());
    float[] timesteps = golden.floats(name + "/timesteps");
    assertThat(schedule.steps()).as(name).hasSameSizeAs(timesteps);
    if (golden.names().contains(name + "/scale")) {
      double scale = golden.floats(name + "/scale")[0];
      assertThat(schedule.initialNoiseScale()).as(name).isCloseTo(scale, within(scale * LIMIT));
    }

    double[] sample = doubles(golden.floats(name + "/start"));
    double[] previousX0 = new double[sample.length];
    double worst = 0;
    for (int i = 0; i < timesteps.length; i++) {
      StepCoefficients step = schedule.steps().get(i);
      assertThat(step.timestep())
          .as(name + " step " + i)
          .isCloseTo(timesteps[i], within(TIMESTEP_LIMIT));
      Trajectory.advance(step, sample, previousX0);
      worst = Math.max(worst, Trajectory.error(sample, golden.floats(name + "/step." + i)));
    }
    return worst;
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }
}
