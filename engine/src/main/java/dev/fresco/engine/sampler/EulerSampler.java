package dev.fresco.engine.sampler;

import dev.fresco.engine.sampler.StepCoefficients.CleanEstimate;
import dev.fresco.engine.sampler.StepCoefficients.Next;
import java.util.ArrayList;
import java.util.List;

/**
 * Euler's method on the probability-flow ODE (arXiv:2206.00364, algorithm 1 without the second
 * order), on samples {@code x0 + sigma * epsilon}. Agrees with diffusers' {@code
 * EulerDiscreteScheduler} without churn.
 */
final class EulerSampler implements Sampler {
  private final NoiseTable noise;
  private final SigmaTable sigmas;
  private final TimestepSpacing spacing;
  private final int offset;
  private final Prediction prediction;
  private final SigmaSchedule schedule;

  private EulerSampler(SchedulerConfig config, boolean karras) {
    config.mustBe("interpolation_type", "linear");
    config.mustBe("timestep_type", "discrete");
    noise = NoiseTable.of(config);
    sigmas = noise.sigmas();
    spacing = config.choice("timestep_spacing", TimestepSpacing.LINSPACE);
    offset = config.integer("steps_offset", 0, 0, noise.trainingSteps());
    prediction = config.choice("prediction_type", Prediction.EPSILON);
    schedule = SigmaSchedule.of(config, karras);
  }

  static EulerSampler of(SchedulerConfig config, boolean karras) {
    return new EulerSampler(config, karras);
  }

  @Override
  public SamplerSchedule schedule(int steps) {
    noise.requireSteps(steps);
    double[] timesteps = timesteps(steps);
    double[] spaced = new double[steps];
    for (int i = 0; i < steps; i++) {
      noise.requireTimestep(timesteps[i], steps);
      spaced[i] = sigmas.at(timesteps[i]);
    }
    double[] starts = schedule.starts(spaced, spaced[0], spaced[steps - 1]);
    double[] levels = schedule.levels(starts, sigmas);
    List<StepCoefficients> coefficients = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
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
    double signal = 1 / Math.sqrt(sigma * sigma + 1);
    CleanEstimate x0 = prediction.x0(signal, sigma * signal).ofScaledSample(signal);
    double kept = nextSigma / sigma;
    return new StepCoefficients(timestep, signal, x0, new Next(kept, 0, 1 - kept, 0));
  }

  private static double[] inSinglePrecision(double[] values) {
    double[] rounded = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      rounded[i] = (float) values[i];
    }
    return rounded;
  }
}
