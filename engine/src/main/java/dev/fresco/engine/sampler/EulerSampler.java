package dev.fresco.engine.sampler;

import dev.fresco.engine.sampler.StepCoefficients.CleanEstimate;
import dev.fresco.engine.sampler.StepCoefficients.Next;
import java.util.ArrayList;
import java.util.List;

/**
 * Euler's method on samples {@code x0 + sigma * epsilon}, in two kinds:
 *
 * <ul>
 *   <li>on the probability-flow ODE (arXiv:2206.00364, algorithm 1 without the second order), as
 *       diffusers' {@code EulerDiscreteScheduler} without churn;
 *   <li>ancestral: a step further down than the level aimed at, then noise up to it, with the
 *       variance of DDPM's posterior (arXiv:2006.11239, equation 7; arXiv:2010.02502, equation 16
 *       with eta 1), as diffusers' {@code EulerAncestralDiscreteScheduler}.
 * </ul>
 */
final class EulerSampler implements Sampler {
  private final NoiseTable noise;
  private final SigmaTable sigmas;
  private final TimestepSpacing spacing;
  private final int offset;
  private final Prediction prediction;
  private final SigmaSchedule schedule;
  private final boolean ancestral;

  private EulerSampler(SchedulerConfig config, SigmaSchedule schedule, boolean ancestral) {
    noise = NoiseTable.of(config);
    sigmas = noise.sigmas();
    spacing = config.choice("timestep_spacing", TimestepSpacing.LINSPACE);
    offset = config.integer("steps_offset", 0, 0, noise.trainingSteps());
    prediction = config.choice("prediction_type", Prediction.EPSILON);
    this.schedule = schedule;
    this.ancestral = ancestral;
  }

  static EulerSampler of(SchedulerConfig config, boolean karras) {
    config.mustBe("interpolation_type", "linear");
    config.mustBe("timestep_type", "discrete");
    return new EulerSampler(config, SigmaSchedule.of(config, karras), false);
  }

  static EulerSampler ancestral(SchedulerConfig config) {
    return new EulerSampler(config, SigmaSchedule.plain(), true);
  }

  @Override
  public SamplerSchedule schedule(ScheduleRequest request) {
    int steps = request.steps();
    noise.requireSteps(steps);
    double[] timesteps = timesteps(steps);
    double[] spaced = new double[steps];
    for (int i = 0; i < steps; i++) {
      noise.requireTimestep(timesteps[i], steps);
      spaced[i] = sigmas.at(timesteps[i]);
    }
    double[] starts = schedule.starts(spaced, spaced[0], spaced[steps - 1]);
    double[] levels = schedule.levels(starts, sigmas.first());
    List<StepCoefficients> coefficients = new ArrayList<>();
    for (int i = request.skipped(); i < steps; i++) {
      double timestep = schedule.karras() ? sigmas.timestepOf(starts[i]) : timesteps[i];
      coefficients.add(step((float) timestep, levels[i], levels[i + 1]));
    }
    double most = levels[0];
    double scale = spacing == TimestepSpacing.LEADING ? Math.sqrt(most * most + 1) : most;
    return new SamplerSchedule(scale, coefficients);
  }

  private double[] timesteps(int steps) {
    int trainingSteps = noise.trainingSteps();
    return switch (spacing) {
      case LINSPACE -> inSinglePrecision(TimestepSpacing.linspace(trainingSteps - 1, steps));
      case LEADING -> TimestepSpacing.leading(trainingSteps / steps, offset, steps);
      case TRAILING ->
          TimestepSpacing.trailing(trainingSteps, trainingSteps / (double) steps, steps);
    };
  }

  private StepCoefficients step(double timestep, double sigma, double nextSigma) {
    NoiseLevel scaled = NoiseLevel.ofSigma(sigma);
    CleanEstimate x0 = prediction.x0(scaled).ofScaledSample(scaled.signal());
    double kept = nextSigma / sigma;
    Next next = Next.of(kept, 1 - kept);
    if (ancestral) {
      // Down to nextSigma^2 / sigma; the squares of that and of the noise add up to nextSigma^2.
      double down = kept * kept;
      next = Next.of(down, 1 - down).withNoise(nextSigma * Math.sqrt(1 - down));
    }
    return new StepCoefficients(timestep, scaled.signal(), new NoiseLevel(1, sigma), x0, next);
  }

  private static double[] inSinglePrecision(double[] values) {
    double[] rounded = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      rounded[i] = (float) values[i];
    }
    return rounded;
  }
}
