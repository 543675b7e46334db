package dev.fresco.planning.straggler;

/**
 * What is known of the mean and the variance of a normal variable: the conjugate prior and, after
 * some values, posterior of both.
 *
 * <p>The predictive distribution of the next value is Student's t with {@code 2 alpha} degrees of
 * freedom, centred at {@code mean}, of squared scale {@code beta (kappa + 1) / (alpha kappa)}.
 * Source: K. Murphy, Conjugate Bayesian analysis of the Gaussian distribution (2007), equations 85
 * to 89 and 99.
 *
 * @param mean of the variable's mean
 * @param kappa how many values that mean is worth, above 0
 * @param alpha half of how many values the variance is worth, at least 1
 * @param beta {@code alpha} times the variance, above 0
 */
record NormalGamma(double mean, double kappa, double alpha, double beta) {
  /** Values that are remembered: so the mean follows a slow drift. */
  static final double MEMORY = 64;

  NormalGamma {
    above("kappa", kappa, 0);
    above("beta", beta, 0);
    if (!(alpha >= 1)) {
      throw new IllegalArgumentException("alpha is " + alpha + "; the least is 1");
    }
  }

  private static void above(String field, double value, double limit) {
    if (!(value > limit)) {
      throw new IllegalArgumentException(field + " is " + value + "; it must be above " + limit);
    }
  }

  /** With one more value; beyond {@value #MEMORY} the older ones fade. */
  NormalGamma observed(double value) {
    double apart = value - mean;
    double nextMean = mean + apart / (kappa + 1);
    double nextBeta = beta + kappa * apart * apart / (2 * (kappa + 1));
    if (kappa + 1 > MEMORY) {
      return new NormalGamma(nextMean, kappa, alpha, nextBeta * alpha / (alpha + .5));
    }
    return new NormalGamma(nextMean, kappa + 1, alpha + .5, nextBeta);
  }

  /** Logarithm of the predictive density at a value. */
  double logDensity(double value) {
    double apart = value - mean;
    double spread = 2 * beta * (kappa + 1) / kappa;
    return gammaRatio(alpha)
        + .5 * Math.log(alpha / (Math.PI * spread))
        - (alpha + .5) * Math.log(1 + apart * apart / spread);
  }

  /**
   * Logarithm of Gamma(alpha + 1/2) / (Gamma(alpha) sqrt(alpha)), by its asymptotic series: wrong
   * by under 1e-3 from 1 on, and under 1e-6 from 4 on.
   */
  private static double gammaRatio(double alpha) {
    double inverse = 1 / alpha;
    double square = inverse * inverse;
    return inverse * (-1. / 8 + square * (1. / 192 - square / 640));
  }
}
