package dev.fresco.planning.straggler;

/**
 * How long ago the last change of a series of values was: Bayesian online change-point detection
 * (R. Adams and D. MacKay, arXiv:0710.3742, Algorithm 1).
 *
 * <p>Goal: for every number r, the probability that the last r values, and no value before them,
 * have the mean and variance of now.
 *
 * <p>Constraints: bounded time and memory. A value, so nobody else's observation changes it.
 *
 * <p>Algorithm: each value either goes on with a run, with probability {@code 1 - hazard} and as
 * likely as the run's predictive density says ({@link NormalGamma}), or begins a new one, with
 * probability {@code hazard} and the density of the prior. In the paper's step 5 the value is
 * counted to the run that ends; here to the one that begins, and so a change is seen one value
 * earlier. Runs of {@value #LONGEST} values and more are one.
 *
 * <p>Example: after ten values near 0 and three near 5, noise 1, nearly all of the probability is
 * at 3.
 */
final class RunLengthPosterior {
  static final int LONGEST = 64;

  private final NormalGamma prior;
  private final double hazard;

  /** Of run length i + 1; logarithms of probabilities that sum up to 1. */
  private final double[] logProbability;

  private final NormalGamma[] runs;

  private RunLengthPosterior(
      NormalGamma prior, double hazard, double[] logProbability, NormalGamma[] runs) {
    this.prior = prior;
    this.hazard = hazard;
    this.logProbability = logProbability;
    this.runs = runs;
  }

  /**
   * Before the first value.
   *
   * @param prior of every run
   * @param hazard probability that a value begins a run, above 0 and below 1
   */
  static RunLengthPosterior of(NormalGamma prior, double hazard) {
    if (!(hazard > 0 && hazard < 1)) {
      throw new IllegalArgumentException("hazard is " + hazard + "; it must be within 0 and 1");
    }
    return new RunLengthPosterior(prior, hazard, new double[0], new NormalGamma[0]);
  }

  /** With one more value, which must be finite. */
  RunLengthPosterior observed(double value) {
    int known = runs.length;
    int size = Math.min(known + 1, LONGEST);
    double[] logs = new double[size];
    NormalGamma[] next = new NormalGamma[size];
    logs[0] = known == 0 ? 0 : Math.log(hazard) + prior.logDensity(value);
    next[0] = prior.observed(value);
    double goesOn = Math.log1p(-hazard);
    for (int i = 0; i < known; i++) {
      double log = logProbability[i] + goesOn + runs[i].logDensity(value);
      if (i + 1 < size) {
        logs[i + 1] = log;
        next[i + 1] = runs[i].observed(value);
      } else {
        // The two longest become one; what the likelier has seen stands for both.
        next[i] = log > logs[i] ? runs[i].observed(value) : next[i];
        logs[i] = sum(logs[i], log);
      }
    }
    return new RunLengthPosterior(prior, hazard, normalised(logs), next);
  }

  private static double[] normalised(double[] logs) {
    double most = Double.NEGATIVE_INFINITY;
    for (double log : logs) {
      most = Math.max(most, log);
    }
    double sum = 0;
    for (double log : logs) {
      sum += Math.exp(log - most);
    }
    double all = most + Math.log(sum);
    for (int i = 0; i < logs.length; i++) {
      logs[i] -= all;
    }
    return logs;
  }

  private static double sum(double one, double other) {
    double most = Math.max(one, other);
    return most == Double.NEGATIVE_INFINITY
        ? most
        : most + Math.log1p(Math.exp(Math.min(one, other) - most));
  }

  /** The most likely number of values since the last change; 0 before the first value. */
  int mostLikely() {
    int best = -1;
    for (int i = 0; i < logProbability.length; i++) {
      if (best < 0 || logProbability[i] > logProbability[best]) {
        best = i;
      }
    }
    return best + 1;
  }

  /** Probability that the last change is at most so many values ago, 0 to 1. */
  double atMost(int values) {
    double sum = 0;
    for (int i = 0; i < Math.min(values, logProbability.length); i++) {
      sum += Math.exp(logProbability[i]);
    }
    return Math.min(1, sum);
  }
}
