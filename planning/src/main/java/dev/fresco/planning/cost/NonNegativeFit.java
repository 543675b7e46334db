package dev.fresco.planning.cost;

/**
 * Weighted sums of samples of three features, and the coefficients that fit them best.
 *
 * <p>Goal: least squares without negative coefficients, from sums that forget.
 *
 * <p>Algorithm: {@code gram} is the weighted sum of x x', {@code moment} that of x y. A small pull
 * towards the coefficients before, {@value #PULL} of each feature's own sum of squares, decides in
 * directions that the samples say nothing about: a batch that stays as it is for hours leaves the
 * known slope alone. The cost is strictly convex, so the best of the 8 solutions with some
 * coefficients at zero, among those that are nowhere negative, is the solution.
 *
 * <p>A feature that was never other than 0 keeps its coefficient.
 */
final class NonNegativeFit {
  static final int FEATURES = 3;
  private static final double PULL = 1e-4;

  private final double[] gram;
  private final double[] moment;

  private NonNegativeFit(double[] gram, double[] moment) {
    this.gram = gram;
    this.moment = moment;
  }

  static NonNegativeFit empty() {
    return new NonNegativeFit(new double[FEATURES * FEATURES], new double[FEATURES]);
  }

  /** With one more sample, the others counting {@code keep} of what they did. */
  NonNegativeFit with(double[] x, double y, double weight, double keep) {
    double[] nextGram = new double[gram.length];
    double[] nextMoment = new double[FEATURES];
    for (int i = 0; i < FEATURES; i++) {
      for (int j = 0; j < FEATURES; j++) {
        nextGram[i * FEATURES + j] = keep * gram[i * FEATURES + j] + weight * x[i] * x[j];
      }
      nextMoment[i] = keep * moment[i] + weight * x[i] * y;
    }
    return new NonNegativeFit(nextGram, nextMoment);
  }

  /** The coefficients that fit best, near those before where nothing else decides. */
  double[] solve(double[] before) {
    double[] best = before.clone();
    double least = Double.POSITIVE_INFINITY;
    for (int set = 0; set < 1 << FEATURES; set++) {
      double[] candidate = solve(set, before);
      double cost = candidate == null ? Double.POSITIVE_INFINITY : cost(candidate, before);
      if (cost < least) {
        least = cost;
        best = candidate;
      }
    }
    return best;
  }

  private boolean seen(int feature) {
    return gram[feature * FEATURES + feature] > 0;
  }

  /** The minimum over the features of a set, the others at zero; null if one would be negative. */
  private double[] solve(int set, double[] before) {
    double[][] rows = new double[FEATURES][FEATURES + 1];
    for (int i = 0; i < FEATURES; i++) {
      boolean free = (set >> i & 1) == 1 && seen(i);
      rows[i][i] = 1;
      rows[i][FEATURES] = seen(i) ? 0 : before[i];
      for (int j = 0; free && j < FEATURES; j++) {
        rows[i][j] = (seen(j) ? scaled(i, j) : 0) + (i == j ? PULL : 0);
        rows[i][FEATURES] = moment[i] / scale(i) + PULL * before[i] * scale(i);
      }
    }
    double[] scaledSolution = eliminate(rows);
    for (int i = 0; i < FEATURES; i++) {
      if (seen(i)) {
        scaledSolution[i] /= scale(i);
      }
      if (!(scaledSolution[i] >= 0)) {
        return null;
      }
    }
    return scaledSolution;
  }

  /** Features as if each had a sum of squares of 1, so that units do not matter. */
  private double scale(int feature) {
    return Math.sqrt(gram[feature * FEATURES + feature]);
  }

  private double scaled(int i, int j) {
    return gram[i * FEATURES + j] / (scale(i) * scale(j));
  }

  /** Solves {@code [matrix | right]}; the matrix is positive definite, so pivots need no search. */
  private static double[] eliminate(double[][] rows) {
    for (int pivot = 0; pivot < FEATURES; pivot++) {
      for (int row = 0; row < FEATURES; row++) {
        double factor = row == pivot ? 0 : rows[row][pivot] / rows[pivot][pivot];
        for (int column = pivot; factor != 0 && column <= FEATURES; column++) {
          rows[row][column] -= factor * rows[pivot][column];
        }
      }
    }
    double[] solution = new double[FEATURES];
    for (int i = 0; i < FEATURES; i++) {
      solution[i] = rows[i][FEATURES] / rows[i][i];
    }
    return solution;
  }

  /** The weighted squares of a solution and its pull, but for what does not depend on it. */
  private double cost(double[] solution, double[] before) {
    double cost = 0;
    for (int i = 0; i < FEATURES; i++) {
      for (int j = 0; j < FEATURES; j++) {
        cost += solution[i] * gram[i * FEATURES + j] * solution[j];
      }
      double apart = solution[i] - before[i];
      cost += PULL * gram[i * FEATURES + i] * apart * apart - 2 * moment[i] * solution[i];
    }
    return cost;
  }
}
