package dev.fresco.engine.training;

/**
 * Clipping by the global norm (Pascanu et al. 2013, algorithm 1), over stages that know only their
 * own gradients, with the mean over microbatches taken at the same time.
 *
 * <p>Example: two stages whose summed gradients of 4 microbatches have the squared norms 144 and
 * 256. The norm of the sum is 20, of the mean 5; with a limit of 2.5 the mean is halved, so the sum
 * is multiplied by 0.125.
 */
public final class GradientClipping {
  /** What PyTorch's {@code clip_grad_norm_} adds to the norm that it divides by. */
  private static final double SMALLEST_NORM = 1e-6;

  private GradientClipping() {}

  /**
   * What to multiply summed gradients by.
   *
   * @param squaredNorms of the sums, of all stages
   * @param microbatches in the sums, 1 or more
   * @param limit of the mean's norm, above 0; infinite for no clipping
   * @return above 0 and at most {@code 1 / microbatches}; not a number if a norm is not finite
   */
  public static double scale(double[] squaredNorms, int microbatches, double limit) {
    if (microbatches < 1 || !(limit > 0)) {
      throw new IllegalArgumentException(
          "%d microbatches and a limit of %s; they must be above 0".formatted(microbatches, limit));
    }
    double norm = meanNorm(squaredNorms, microbatches);
    return Double.isFinite(norm)
        ? Math.min(1, limit / (norm + SMALLEST_NORM)) / microbatches
        : Double.NaN;
  }

  /** The norm of the mean gradient of all stages. */
  public static double meanNorm(double[] squaredNorms, int microbatches) {
    double sum = 0;
    for (double squaredNorm : squaredNorms) {
      sum += squaredNorm;
    }
    return Math.sqrt(sum) / microbatches;
  }
}
