package dev.fresco.engine.sampler;

import dev.fresco.engine.EngineException;
import dev.fresco.engine.sampler.StepCoefficients.CleanEstimate;
import dev.fresco.engine.sampler.StepCoefficients.Next;
import java.util.ArrayList;
import java.util.List;

/**
 * Multistep consistency sampling for latent consistency models (arXiv:2310.04378, algorithm 3;
 * arXiv:2303.01469, algorithm 1): jump to the clean picture, then noise it again with fresh noise
 * to the next timestep. Agrees with diffusers' {@code LCMScheduler}.
 */
final class LcmSampler implements Sampler {
  /** Deviation of the data that the boundary scalings assume (arXiv:2303.01469, appendix C). */
  private static final double SIGMA_DATA = 0.5;

  private static final NoiseTable.Defaults DEFAULTS =
      new NoiseTable.Defaults(BetaSchedule.SCALED_LINEAR, 0.00085, 0.012);

  private final NoiseTable noise;
  private final Prediction prediction;
  private final double limit;
  private final int originalSteps;
  private final double timestepScaling;

  private LcmSampler(SchedulerConfig config) {
    config.mustBe("thresholding", "false");
    noise = NoiseTable.of(config, DEFAULTS);
    prediction = config.choice("prediction_type", Prediction.EPSILON);
    limit =
        config.flag("clip_sample", false)
            ? config.real("clip_sample_range", 1)
            : Double.POSITIVE_INFINITY;
    if (!(limit > 0)) {
      throw config.refusal("clip_sample_range", "must be above 0");
    }
    int trained = noise.trainingSteps();
    originalSteps = config.integer("original_inference_steps", Math.min(50, trained), 1, trained);
    timestepScaling = config.real("timestep_scaling", 10);
    if (!(timestepScaling > 0 && Double.isFinite(timestepScaling))) {
      throw config.refusal("timestep_scaling", "must be above 0");
    }
  }

  static LcmSampler of(SchedulerConfig config) {
    return new LcmSampler(config);
  }

  @Override
  public SamplerSchedule schedule(ScheduleRequest request) {
    int steps = request.steps();
    if (steps < 1 || steps > originalSteps) {
      throw new EngineException(
          "steps is "
              + steps
              + "; a latent consistency model allows 1 to "
              + originalSteps
              + " (original_inference_steps)");
    }
    List<StepCoefficients> coefficients = new ArrayList<>();
    for (int i = request.skipped(); i < steps; i++) {
      int timestep = timestep(i, steps);
      coefficients.add(
          i == steps - 1
              ? step(timestep, new NoiseLevel(1, 0))
              : step(timestep, level(timestep(i + 1, steps))));
    }
    return new SamplerSchedule(1, coefficients);
  }

  /** Of the evenly spaced timesteps of the distillation, an even selection from the noisiest on. */
  private int timestep(int step, int steps) {
    int place = (int) (step * (originalSteps / (double) steps));
    return (originalSteps - place) * (noise.trainingSteps() / originalSteps) - 1;
  }

  private NoiseLevel level(int timestep) {
    return NoiseLevel.ofAlphaCumprod(noise.alphaCumprod(timestep));
  }

  private StepCoefficients step(int timestep, NoiseLevel after) {
    noise.requireSignal(timestep, prediction);
    double scaled = timestep * timestepScaling;
    double skip = SIGMA_DATA * SIGMA_DATA / (scaled * scaled + SIGMA_DATA * SIGMA_DATA);
    double out = scaled / Math.hypot(scaled, SIGMA_DATA);
    CleanEstimate x0 = prediction.x0(level(timestep)).clipped(limit);
    Next next = Next.of(after.signal() * skip, after.signal() * out).withNoise(after.noise());
    return new StepCoefficients(timestep, 1, level(timestep), x0, next);
  }
}
