package dev.fresco.planning.straggler;

import java.time.Instant;
import java.util.Arrays;

/**
 * Some samples of one place and kind, one after the other, as one value.
 *
 * <p>The value is a mean of logarithms, for noise grows with what it is noise of; and the mean of
 * the middle half, so that a pause within a single sample does not show, at 1.05 times the
 * deviation of a plain mean.
 *
 * @param begin of the earliest sample
 * @param logMillis natural logarithm of the milliseconds
 */
record Block(Instant begin, double logMillis) {
  /** Shorter times are taken for this: clocks tell them from nothing no more. */
  static final double LEAST_MILLIS = .01;

  /** Of all samples, at least one. */
  static Block of(Instant begin, double[] millis) {
    double[] logs = new double[millis.length];
    for (int i = 0; i < millis.length; i++) {
      logs[i] = Math.log(Math.max(millis[i], LEAST_MILLIS));
    }
    Arrays.sort(logs);
    int left = logs.length / 4;
    double sum = 0;
    for (int i = left; i < logs.length - left; i++) {
      sum += logs[i];
    }
    return new Block(begin, sum / (logs.length - 2 * left));
  }
}
