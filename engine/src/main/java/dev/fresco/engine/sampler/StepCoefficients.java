package dev.fresco.engine.sampler;

import dev.fresco.engine.EngineException;

/**
 * One denoising step of one request as numbers. Every sampler here is linear in the sample, the
 * network's output and its own estimate of the clean picture, so one kernel advances a batch whose
 * members have different samplers:
 *
 * <pre>
 *   output = network(inputScale * sample, timestep)
 *   x0     = clamp(x0.fromSample * sample + x0.fromOutput * output, -x0.limit, x0.limit)
 *   sample = next.fromSample * sample + next.fromOutput * output
 *          + next.fromX0 * x0 + next.fromPreviousX0 * (x0 of the step before)
 * </pre>
 *
 * The sample and the previous {@code x0} belong to the request. Where {@code fromPreviousX0} is 0
 * there need not be a previous {@code x0}.
 *
 * @param timestep what the network is told, from 0 to the training steps less one; not whole for
 *     some Euler schedules
 * @param inputScale factor of the sample on its way into the network
 */
public record StepCoefficients(double timestep, double inputScale, CleanEstimate x0, Next next) {

  public StepCoefficients {
    finite("timestep", timestep, timestep);
    finite("inputScale", timestep, inputScale);
    finite("x0.fromSample", timestep, x0.fromSample);
    finite("x0.fromOutput", timestep, x0.fromOutput);
    finite("next.fromSample", timestep, next.fromSample);
    finite("next.fromOutput", timestep, next.fromOutput);
    finite("next.fromX0", timestep, next.fromX0);
    finite("next.fromPreviousX0", timestep, next.fromPreviousX0);
  }

  /**
   * How the clean picture is estimated.
   *
   * @param limit largest magnitude, infinite where nothing is clipped
   */
  public record CleanEstimate(double fromSample, double fromOutput, double limit) {
    public CleanEstimate {
      if (!(limit > 0)) {
        throw new EngineException("x0 is clipped to " + limit + "; the limit must be above 0");
      }
    }

    CleanEstimate ofScaledSample(double scale) {
      return new CleanEstimate(fromSample * scale, fromOutput, limit);
    }

    CleanEstimate clipped(double newLimit) {
      return new CleanEstimate(fromSample, fromOutput, newLimit);
    }
  }

  /** What the next sample is made of. */
  public record Next(double fromSample, double fromOutput, double fromX0, double fromPreviousX0) {}

  private static void finite(String name, double timestep, double value) {
    if (!Double.isFinite(value)) {
      throw new EngineException(
          "the step at timestep " + timestep + " has no finite " + name + ": " + value);
    }
  }
}
