package dev.fresco.engine.sampler;

import dev.fresco.engine.sampler.StepCoefficients.CleanEstimate;
import dev.fresco.engine.sampler.StepCoefficients.Next;
import java.util.ArrayList;
import java.util.List;

/**
 * DDIM with eta 0 (arXiv:2010.02502, equation 12): estimate the clean picture, then add the
 * estimated noise again at the level of an earlier timestep. Agrees with diffusers' {@code
 * DDIMScheduler}.
 */
final class DdimSampler implements Sampler {
  private final NoiseTable noise;
  private final TimestepSpacing spacing;
  private final int offset;
  private final Prediction prediction;
  private final double limit;
  private final double finalAlpha;

  private DdimSampler(SchedulerConfig config) {
    config.mustBe("thresholding", "false");
    noise = NoiseTable.of(config);
    spacing = config.choice("timestep_spacing", TimestepSpacing.LEADING);
    offset = config.integer("steps_offset", 0, 0, noise.trainingSteps());
    prediction = config.choice("prediction_type", Prediction.EPSILON);
    limit =
        config.flag("clip_sample", true)
            ? config.real("clip_sample_range", 1)
            : Double.POSITIVE_INFINITY;
    if (!(limit > 0)) {
      throw config.refusal("clip_sample_range", "must be above 0");
    }
    finalAlpha = config.flag("set_alpha_to_one", true) ? 1 : noise.alphaCumprod(0);
  }

  static DdimSampler of(SchedulerConfig config) {
    return new DdimSampler(config);
  }

  @Override
  public SamplerSchedule schedule(ScheduleRequest request) {
    int steps = request.steps();
    noise.requireSteps(steps);
    int stride = noise.trainingSteps() / steps;
    double[] timesteps = timesteps(steps);
    List<StepCoefficients> coefficients = new ArrayList<>();
    for (int i = request.skipped(); i < steps; i++) {
      noise.requireTimestep(timesteps[i], steps);
      coefficients.add(step((int) timesteps[i], (int) timesteps[i] - stride));
    }
    return new SamplerSchedule(1, coefficients);
  }

  private double[] timesteps(int steps) {
    int trainingSteps = noise.trainingSteps();
    return switch (spacing) {
      case LINSPACE -> TimestepSpacing.rounded(TimestepSpacing.linspace(trainingSteps - 1, steps));
      case LEADING -> TimestepSpacing.leading(trainingSteps / steps, offset, steps);
      case TRAILING ->
          TimestepSpacing.trailing(trainingSteps, trainingSteps / (double) steps, steps);
    };
  }

  private StepCoefficients step(int timestep, int previous) {
    noise.requireSignal(timestep, prediction);
    NoiseLevel level = NoiseLevel.ofAlphaCumprod(noise.alphaCumprod(timestep));
    NoiseLevel before =
        NoiseLevel.ofAlphaCumprod(previous >= 0 ? noise.alphaCumprod(previous) : finalAlpha);
    CleanEstimate x0 = prediction.x0(level).clipped(limit);
    Prediction.Weights epsilon = prediction.epsilon(level);
    Next next =
        Next.of(before.noise() * epsilon.ofSample(), before.signal())
            .withOutput(before.noise() * epsilon.ofOutput());
    return new StepCoefficients(timestep, 1, level, x0, next);
  }
}
