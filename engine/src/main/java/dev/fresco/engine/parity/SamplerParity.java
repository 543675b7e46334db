package dev.fresco.engine.parity;

import dev.fresco.engine.EngineException;
import dev.fresco.engine.sampler.SamplerSchedule;
import dev.fresco.engine.sampler.Samplers;
import dev.fresco.engine.sampler.SchedulerConfig;
import dev.fresco.engine.sampler.StepCoefficients;
import dev.fresco.engine.sampler.Trajectory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * {@code samplers}, or any name that begins with {@code sampler}, with a JSON file of
 * configurations beside it: trajectories on the "network" {@code 0.6 tanh(input) + 0.2 sin(t /
 * 100)}, as timesteps and the sample after each step.
 */
public final class SamplerParity implements ParityCheck {
  private static final double LIMIT = 1e-5;

  @Override
  public boolean reads(GoldenFile golden) {
    return golden.part().isEmpty()
        && golden.family().startsWith("sampler")
        && golden.name().endsWith(".safetensors");
  }

  @Override
  public List<ParityRow> run(GoldenFile golden, ParitySettings settings) {
    JsonNode configurations = GoldenJson.object(golden.folder().resolve(golden.family() + ".json"));
    TreeSet<String> missing = new TreeSet<>();
    int leftOut = 0;
    try (GoldenTensors tensors = new GoldenTensors(golden, LIMIT)) {
      for (Map.Entry<String, JsonNode> entry : configurations.properties()) {
        JsonNode spec = entry.getValue();
        String className = spec.path("class").asString("");
        Optional<Samplers> sampler = ReferenceSampler.of(className, spec.path("config"));
        if (sampler.isPresent()) {
          walk(tensors, entry.getKey(), spec, sampler.get());
        } else {
          leftOut++;
          missing.add(className + algorithm(spec));
        }
      }
      if (leftOut > 0) {
        tensors.leaveOut(
            "%d of %d configurations: %s"
                .formatted(leftOut, configurations.size(), String.join(", ", missing)));
      }
      return tensors.rows();
    }
  }

  private static void walk(GoldenTensors tensors, String name, JsonNode spec, Samplers sampler) {
    SchedulerConfig config = SchedulerConfig.parse(name, spec.path("config").toString());
    SamplerSchedule schedule = sampler.from(config).schedule(steps(name, spec));
    tensors.compare(name + "/timesteps", timesteps(schedule));
    if (tensors.has(name + "/scale")) {
      tensors.compare(name + "/scale", new float[] {(float) schedule.initialNoiseScale()});
    }
    Trajectory trajectory =
        new Trajectory(
            tensors.values(name + "/start"),
            (input, timestep) -> 0.6 * Math.tanh(input) + 0.2 * Math.sin(timestep / 100));
    for (int i = 0; i < schedule.steps().size(); i++) {
      trajectory.advance(schedule.steps().get(i));
      tensors.compare(name + "/step." + i, trajectory.sample());
    }
  }

  private static int steps(String name, JsonNode spec) {
    JsonNode steps = spec.path("steps");
    if (!steps.isIntegralNumber() || !steps.canConvertToInt()) {
      throw new EngineException("configuration " + name + ": steps is " + steps);
    }
    return steps.intValue();
  }

  private static float[] timesteps(SamplerSchedule schedule) {
    List<StepCoefficients> steps = schedule.steps();
    float[] timesteps = new float[steps.size()];
    for (int i = 0; i < timesteps.length; i++) {
      timesteps[i] = (float) steps.get(i).timestep();
    }
    return timesteps;
  }

  private static String algorithm(JsonNode spec) {
    String algorithm = spec.path("config").path("algorithm_type").asString("");
    return algorithm.isEmpty() ? "" : " (" + algorithm + ")";
  }
}
