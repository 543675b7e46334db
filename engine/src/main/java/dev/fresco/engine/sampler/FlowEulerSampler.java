package dev.fresco.engine.sampler;

import dev.fresco.engine.EngineException;
import dev.fresco.engine.sampler.StepCoefficients.CleanEstimate;
import dev.fresco.engine.sampler.StepCoefficients.Next;
import java.util.ArrayList;
import java.util.List;

/**
 * Euler's method for flow-matching models (arXiv:2210.02747; arXiv:2209.03003, equation 1) on
 * samples {@code (1 - sigma) * x0 + sigma * epsilon}, whose networks predict the velocity {@code
 * epsilon - x0}. Agrees with diffusers' {@code FlowMatchEulerDiscreteScheduler}, given the levels
 * from 1 to 1 / steps as diffusers' Flux pipelines give them.
 */
final class FlowEulerSampler implements Sampler {
  private final int trainingSteps;
  private final FlowShift shift;
  private final boolean karras;
  private final boolean stochastic;

  private FlowEulerSampler(SchedulerConfig config) {
    config.mustBe("invert_sigmas", "false");
    config.mustBe("use_exponential_sigmas", "false");
    config.mustBe("use_beta_sigmas", "false");
    trainingSteps = config.integer("num_train_timesteps", 1000, 2, NoiseTable.MOST_TRAINING_STEPS);
    shift = FlowShift.of(config);
    karras = config.flag("use_karras_sigmas", false);
    stochastic = config.flag("stochastic_sampling", false);
  }

  static FlowEulerSampler of(SchedulerConfig config) {
    return new FlowEulerSampler(config);
  }

  @Override
  public SamplerSchedule schedule(ScheduleRequest request) {
    int steps = request.steps();
    if (steps < 1 || steps > trainingSteps) {
      throw new EngineException(
          "steps is "
              + steps
              + "; the model allows 1 to "
              + trainingSteps
              + " (num_train_timesteps)");
    }
    double[] levels = levels(request);
    List<StepCoefficients> coefficients = new ArrayList<>();
    for (int i = request.skippedOfFlow(); i < steps; i++) {
      coefficients.add(step(levels[i], levels[i + 1]));
    }
    return new SamplerSchedule(1, coefficients);
  }

  /** In fp32, one more than there are steps, down to 0. */
  private double[] levels(ScheduleRequest request) {
    int steps = request.steps();
    double[] even = new double[steps];
    for (int i = 0; i < steps; i++) {
      double value = steps == 1 ? 1 : 1 + i * ((1.0 / steps - 1) / (steps - 1));
      even[i] = (float) value;
    }
    double[] shifted = shift.shifted(even, request.imageTokens());
    double[] starts = karras ? SigmaTable.karras(shifted[0], shifted[steps - 1], steps) : shifted;
    return SigmaSchedule.plain().levels(starts, 0);
  }

  private StepCoefficients step(double sigma, double nextSigma) {
    CleanEstimate x0 = new CleanEstimate(1, -sigma, Double.POSITIVE_INFINITY);
    double kept = nextSigma / sigma;
    Next next =
        stochastic ? Next.of(0, 1 - nextSigma).withNoise(nextSigma) : Next.of(kept, 1 - kept);
    double timestep = (float) (sigma * trainingSteps);
    return new StepCoefficients(timestep, 1, new NoiseLevel(1 - sigma, sigma), x0, next);
  }
}
