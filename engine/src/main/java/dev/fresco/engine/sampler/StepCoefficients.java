package dev.fresco.engine.sampler;

import dev.fresco.engine.EngineException;

/**
 * One denoising step of one request as numbers. Every sampler here is linear in the sample, the
 * network's output, its own estimates of the clean picture and fresh noise, so one kernel advances
 * a batch whose members have different samplers:
 *
 * <pre>
 *   output  = network(inputScale * sample, timestep)
 *   x0      = clamp(x0.fromSample * sample + x0.fromOutput * output, -x0.limit, x0.limit)
 *   sample' = next.fromSample * sample + next.fromOutput * output
 *           + next.fromX0 * x0 + next.fromPreviousX0 * (x0 of the step before)
 *           + next.fromMemory * memory + next.fromNoise * (standard normal numbers)
 *   memory' = memory.fromSample * sample
 *           + memory.fromX0 * x0 + memory.fromPreviousX0 * (x0 of the step before)
 *           + memory.fromMemory * memory
 * </pre>
 *
 * The sample, the previous {@code x0}, the memory and the noise belong to the request. What a
 * factor of 0 stands before need not exist. The memory is what a sampler adds up over earlier steps
 * (UniPC).
 *
 * @param timestep what the network is told, from 0 to the training steps; not whole for some
 *     schedules
 * @param inputScale factor of the sample on its way into the network
 * @param level of the sample that the step starts from
 */
public record StepCoefficients(
    double timestep,
    double inputScale,
    NoiseLevel level,
    CleanEstimate x0,
    Next next,
    Memory memory) {

  public StepCoefficients {
    finite("timestep", timestep, timestep);
    finite("inputScale", timestep, inputScale);
    finite("level", timestep, level.signal(), level.noise());
    finite("x0", timestep, x0.fromSample, x0.fromOutput);
    finite("next", timestep, next.fromSample, next.fromOutput, next.fromX0);
    finite("next", timestep, next.fromPreviousX0, next.fromMemory, next.fromNoise);
    finite("memory", timestep, memory.fromSample, memory.fromX0);
    finite("memory", timestep, memory.fromPreviousX0, memory.fromMemory);
  }

  /** A step of a sampler that remembers but its last estimate. */
  StepCoefficients(
      double timestep, double inputScale, NoiseLevel level, CleanEstimate x0, Next next) {
    this(timestep, inputScale, level, x0, next, Memory.NONE);
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

  /**
   * What the next sample is made of.
   *
   * @param fromNoise above 0 in every step of a sampler that draws noise but the last, so that the
   *     draws follow each other as in the reference
   */
  public record Next(
      double fromSample,
      double fromOutput,
      double fromX0,
      double fromPreviousX0,
      double fromMemory,
      double fromNoise) {

    static Next of(double fromSample, double fromX0) {
      return new Next(fromSample, 0, fromX0, 0, 0, 0);
    }

    Next withOutput(double factor) {
      return new Next(fromSample, factor, fromX0, fromPreviousX0, fromMemory, fromNoise);
    }

    Next withPreviousX0(double factor) {
      return new Next(fromSample, fromOutput, fromX0, factor, fromMemory, fromNoise);
    }

    Next withNoise(double factor) {
      return new Next(fromSample, fromOutput, fromX0, fromPreviousX0, fromMemory, factor);
    }
  }

  /** What the memory after the step is made of. */
  public record Memory(double fromSample, double fromX0, double fromPreviousX0, double fromMemory) {
    /** Nothing is kept. */
    public static final Memory NONE = new Memory(0, 0, 0, 0);
  }

  private static void finite(String name, double timestep, double... values) {
    for (double value : values) {
      if (!Double.isFinite(value)) {
        throw new EngineException(
            "the step at timestep " + timestep + " has no finite " + name + ": " + value);
      }
    }
  }
}
