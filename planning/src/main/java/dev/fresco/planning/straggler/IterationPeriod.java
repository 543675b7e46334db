package dev.fresco.planning.straggler;

import java.util.Arrays;
import java.util.OptionalInt;

/**
 * After how many operations a series begins anew.
 *
 * <p>Goal: the length of an iteration, found in what was timed: "the first lag whose
 * autocorrelation is at least .95" (Adaptra, arXiv:2504.19232, after Greyhound).
 *
 * <p>Constraints: noise of 20 %, single outliers, a steady drift and a lost value in a hundred
 * change nothing.
 *
 * <p>Algorithm: the straight line that fits best is taken off. Of a smooth series neighbours are
 * alike, so lags count only from where the autocorrelation has first fallen below half of its
 * highest. Noise lowers it at all periods alike, so {@value #ALIKE} is asked for of the highest
 * that any lag has, less two standard errors; of a series without noise that is 1, and 0. From
 * there on the period is at the next peak. If even the highest is under {@value #LEAST}, there is
 * no period: among 64 lags of 256 values of noise the highest is about .25.
 *
 * <p>Example: 3 1 1 1 3 1 1 1 3 1 1 1 3 1 1 1 has the period 4.
 */
public final class IterationPeriod {
  static final double ALIKE = .95;
  static final double LEAST = .4;

  /** So often a period must be there to be found. */
  public static final int REPEATS = 4;

  private IterationPeriod() {}

  /**
   * The period of a series; 1 if all its values are alike.
   *
   * @param series times of operations, of gaps between them, or numbers that stand for kinds of
   *     events; finite
   * @return 1 to a quarter of the series, or empty if there is none
   * @throws IllegalArgumentException naming the first value that is not finite
   */
  public static OptionalInt of(double[] series) {
    for (int i = 0; i < series.length; i++) {
      if (!Double.isFinite(series[i])) {
        throw new IllegalArgumentException(
            "value " + i + " of the series is " + series[i] + "; it must be finite");
      }
    }
    int longest = series.length / REPEATS;
    double[] level = withoutLine(series);
    double variance = product(level, 0);
    if (longest == 0) {
      return OptionalInt.empty();
    }
    // Rounding leaves some 1e-16 of values that are all alike.
    double size = Arrays.stream(series).map(Math::abs).max().orElse(0);
    if (variance <= 1e-24 * size * size) {
      return OptionalInt.of(1);
    }
    return firstOfTheHighest(autocorrelation(level, variance, longest));
  }

  private static OptionalInt firstOfTheHighest(double[] correlation) {
    int begin = afterFirstFall(correlation);
    double highest = Arrays.stream(correlation, begin, correlation.length).max().orElse(0);
    double chance = 2 * (1 - highest * highest) / Math.sqrt(REPEATS * correlation.length);
    for (int i = begin; highest >= LEAST && i < correlation.length; i++) {
      if (correlation[i] >= ALIKE * highest - chance) {
        while (i + 1 < correlation.length && correlation[i + 1] > correlation[i]) {
          i++;
        }
        return OptionalInt.of(i + 1);
      }
    }
    return OptionalInt.empty();
  }

  /** Index of the first lag from which on being alike is more than being smooth. */
  private static int afterFirstFall(double[] correlation) {
    double half = Arrays.stream(correlation).max().orElse(0) / 2;
    int i = 0;
    while (i < correlation.length && correlation[i] >= half) {
      i++;
    }
    return i;
  }

  /** Of lag i + 1. */
  private static double[] autocorrelation(double[] level, double variance, int longest) {
    double[] correlation = new double[longest];
    for (int i = 0; i < longest; i++) {
      correlation[i] = product(level, i + 1) / variance;
    }
    return correlation;
  }

  /** Mean product of values so far apart. */
  private static double product(double[] level, int lag) {
    double sum = 0;
    for (int i = lag; i < level.length; i++) {
      sum += level[i] * level[i - lag];
    }
    return sum / (level.length - lag);
  }

  /** A series less the line of least squares through it. */
  private static double[] withoutLine(double[] series) {
    double middle = (series.length - 1) / 2.;
    double mean = Arrays.stream(series).average().orElse(0);
    double moment = 0;
    double squares = 0;
    for (int i = 0; i < series.length; i++) {
      moment += (i - middle) * (series[i] - mean);
      squares += (i - middle) * (i - middle);
    }
    double slope = squares > 0 ? moment / squares : 0;
    double[] level = new double[series.length];
    for (int i = 0; i < series.length; i++) {
      level[i] = series[i] - mean - slope * (i - middle);
    }
    return level;
  }
}
