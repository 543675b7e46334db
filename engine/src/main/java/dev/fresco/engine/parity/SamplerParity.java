package dev.fresco.engine.parity;

import dev.fresco.engine.EngineException;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.sampler.SamplerSchedule;
import dev.fresco.engine.sampler.Samplers;
import dev.fresco.engine.sampler.ScheduleRequest;
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
 * 100)}, as timesteps and the sample after each step. A sampler that draws noise is given the
 * {@code noise.N} of the file. A configuration with a {@code strength} starts from {@code picture}
 * and {@code noise}.
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
        ReferenceSampler reference = ReferenceSampler.of(entry.getKey(), entry.getValue());
        Optional<Samplers> sampler = reference.sampler();
        if (sampler.isPresent()) {
          SamplerSchedule schedule =
              sampler.get().from(reference.config()).schedule(request(entry));
          walk(tensors, entry.getKey(), schedule);
        } else {
          leftOut++;
          missing.add(reference.name());
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

  private static ScheduleRequest request(Map.Entry<String, JsonNode> entry) {
    JsonNode spec = entry.getValue();
    JsonNode steps = spec.path("steps");
    if (!steps.isIntegralNumber() || !steps.canConvertToInt()) {
      throw new EngineException("configuration " + entry.getKey() + ": steps is " + steps);
    }
    return new ScheduleRequest(
        steps.intValue(),
        spec.path("strength").asDouble(1),
        spec.path("imageTokens").asInt(ReferenceSampler.ANY_TOKENS));
  }

  private static void walk(GoldenTensors tensors, String name, SamplerSchedule schedule) {
    tensors.compare(name + "/timesteps", timesteps(schedule));
    if (tensors.has(name + "/scale")) {
      tensors.compare(name + "/scale", new float[] {(float) schedule.initialNoiseScale()});
    }
    if (tensors.has(name + "/picture")) {
      tensors.compare(name + "/start", noised(tensors, name, schedule));
    }
    float[] start = tensors.values(name + "/start");
    Trajectory trajectory =
        new Trajectory(
            start, (input, timestep) -> 0.6 * Math.tanh(input) + 0.2 * Math.sin(timestep / 100));
    for (int i = 0; i < schedule.steps().size(); i++) {
      StepCoefficients step = schedule.steps().get(i);
      boolean draws = step.next().fromNoise() != 0;
      trajectory.advance(
          step, draws ? tensors.values(name + "/noise." + i) : new float[start.length]);
      tensors.compare(name + "/step." + i, trajectory.sample());
    }
  }

  private static float[] noised(GoldenTensors tensors, String name, SamplerSchedule schedule) {
    HostTensor picture = tensor(tensors.values(name + "/picture"));
    return schedule.firstSample(picture, tensor(tensors.values(name + "/noise"))).data();
  }

  private static HostTensor tensor(float[] values) {
    return HostTensor.of(values, values.length);
  }

  private static float[] timesteps(SamplerSchedule schedule) {
    List<StepCoefficients> steps = schedule.steps();
    float[] timesteps = new float[steps.size()];
    for (int i = 0; i < timesteps.length; i++) {
      timesteps[i] = (float) steps.get(i).timestep();
    }
    return timesteps;
  }
}
