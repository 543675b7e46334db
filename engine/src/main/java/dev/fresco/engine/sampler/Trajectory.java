package dev.fresco.engine.sampler;

import java.util.function.DoubleBinaryOperator;

/**
 * Walks one sample along a sampler's coefficients in double precision, with a function of one place
 * in the network's stead: what {@link StepCoefficients} says, with nothing lost to rounding.
 */
public final class Trajectory {
  private final double[] sample;
  private final double[] previousX0;
  private final double[] memory;
  private final DoubleBinaryOperator network;

  /**
   * @param start the first sample
   * @param network from a scaled place and the timestep to the output there
   */
  public Trajectory(float[] start, DoubleBinaryOperator network) {
    this.sample = new double[start.length];
    this.previousX0 = new double[start.length];
    this.memory = new double[start.length];
    this.network = network;
    for (int i = 0; i < start.length; i++) {
      sample[i] = start[i];
    }
  }

  /** Takes a step without noise. */
  public void advance(StepCoefficients step) {
    advance(step, new float[sample.length]);
  }

  /**
   * Takes a step.
   *
   * @param noise standard normal numbers, one for each place
   */
  public void advance(StepCoefficients step, float[] noise) {
    for (int i = 0; i < sample.length; i++) {
      double output = network.applyAsDouble(step.inputScale() * sample[i], step.timestep());
      double x0 = step.x0().fromSample() * sample[i] + step.x0().fromOutput() * output;
      x0 = Math.max(-step.x0().limit(), Math.min(step.x0().limit(), x0));
      double remembered =
          step.memory().fromSample() * sample[i]
              + step.memory().fromX0() * x0
              + step.memory().fromPreviousX0() * previousX0[i]
              + step.memory().fromMemory() * memory[i];
      sample[i] =
          step.next().fromSample() * sample[i]
              + step.next().fromOutput() * output
              + step.next().fromX0() * x0
              + step.next().fromPreviousX0() * previousX0[i]
              + step.next().fromMemory() * memory[i]
              + step.next().fromNoise() * noise[i];
      memory[i] = remembered;
      previousX0[i] = x0;
    }
  }

  /** The sample as it is now. */
  public float[] sample() {
    float[] values = new float[sample.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) sample[i];
    }
    return values;
  }
}
