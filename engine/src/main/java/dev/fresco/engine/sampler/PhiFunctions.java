package dev.fresco.engine.sampler;

/**
 * The functions that exponential integrators weigh their terms with (Hochbruck and Ostermann,
 * "Exponential integrators", 2010): {@code phi0(x) = exp(x)} and {@code phi(k+1)(x) = (phi(k)(x) -
 * 1/k!) / x}. Exact near 0 too, where those differences lose all their digits.
 */
final class PhiFunctions {
  /** Below this the series is used; above, three differences cost at most as many digits. */
  private static final double NEAR = 1;

  private static final int TERMS = 20;

  private PhiFunctions() {}

  static double phi1(double x) {
    return phi(1, x);
  }

  static double phi2(double x) {
    return phi(2, x);
  }

  static double phi3(double x) {
    return phi(3, x);
  }

  private static double phi(int order, double x) {
    if (Math.abs(x) < NEAR) {
      return series(order, x);
    }
    double value = Math.exp(x);
    double factorial = 1;
    for (int k = 0; k < order; k++) {
      value = (value - 1 / factorial) / x;
      factorial *= k + 1;
    }
    return value;
  }

  /** The sum of {@code x^j / (j + order)!}. */
  private static double series(int order, double x) {
    double term = 1;
    for (int k = 2; k <= order; k++) {
      term /= k;
    }
    double sum = 0;
    for (int j = 0; j < TERMS; j++) {
      sum += term;
      term *= x / (j + 1 + order);
    }
    return sum;
  }
}
