package dev.fresco.benchmarks.engine;

import java.util.Arrays;

/**
 * How long the steps of one batch took.
 *
 * @param batch pictures in it
 * @param nanoseconds of each measured step, sorted
 */
public record StepTimes(int batch, long[] nanoseconds) {
  private static final double NANOSECONDS = 1e-6;

  public StepTimes {
    if (batch < 1 || nanoseconds.length == 0) {
      throw new IllegalArgumentException(
          "a batch of " + batch + " with " + nanoseconds.length + " steps");
    }
    nanoseconds = nanoseconds.clone();
    Arrays.sort(nanoseconds);
  }

  /** Of an even number, the mean of the middle two. */
  public double medianMilliseconds() {
    int count = nanoseconds.length;
    return (nanoseconds[(count - 1) / 2] + nanoseconds[count / 2]) / 2.0 * NANOSECONDS;
  }

  public double leastMilliseconds() {
    return nanoseconds[0] * NANOSECONDS;
  }

  public double mostMilliseconds() {
    return nanoseconds[nanoseconds.length - 1] * NANOSECONDS;
  }

  /** The time of this batch against that of its pictures one after the other. */
  double against(StepTimes alone) {
    return medianMilliseconds() / batch / (alone.medianMilliseconds() / alone.batch());
  }
}
