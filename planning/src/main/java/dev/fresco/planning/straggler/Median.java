package dev.fresco.planning.straggler;

import java.util.Arrays;

/** The middle one of some values. */
final class Median {
  private Median() {}

  /** Of an even number the mean of the middle two; of at least one. */
  static double of(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }
}
