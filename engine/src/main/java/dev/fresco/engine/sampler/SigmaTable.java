package dev.fresco.engine.sampler;

/**
 * Noise to signal ({@code sigma}) at every training timestep, growing with the timestep, and the
 * ways between the two. fp32 as the reference keeps it; what is computed from it is double.
 */
final class SigmaTable {
  /** Curvature of the Karras schedule (arXiv:2206.00364, equation 5 and table 1). */
  private static final double KARRAS_RHO = 7;

  private final float[] sigmas;
  private final float[] logarithms;

  SigmaTable(float[] sigmas) {
    this.sigmas = sigmas;
    this.logarithms = new float[sigmas.length];
    for (int i = 0; i < sigmas.length; i++) {
      logarithms[i] = (float) Math.log(sigmas[i]);
    }
  }

  double first() {
    return sigmas[0];
  }

  double last() {
    return sigmas[sigmas.length - 1];
  }

  /** How many timesteps have at least this lambda, the logarithm of signal to noise. */
  int timestepsFromLambda(double least) {
    int count = sigmas.length;
    while (count > 0 && -logarithms[count - 1] < least) {
      count--;
    }
    return count;
  }

  /** Sigma at a timestep that need not be whole, by a straight line between its neighbours. */
  double at(double timestep) {
    if (timestep <= 0) {
      return first();
    }
    if (timestep >= sigmas.length - 1) {
      return last();
    }
    int low = (int) timestep;
    double slope = (double) sigmas[low + 1] - sigmas[low];
    return slope * (timestep - low) + sigmas[low];
  }

  /** The timestep of a sigma, by a straight line in its logarithm; the nearest if out of range. */
  double timestepOf(double sigma) {
    double logSigma = Math.log(Math.max(sigma, 1e-10));
    int low = 0;
    for (int i = 1; i <= sigmas.length - 2 && logSigma >= logarithms[i]; i++) {
      low = i;
    }
    float lowLog = logarithms[low];
    float highLog = logarithms[low + 1];
    double weight = Math.min(1, Math.max(0, (lowLog - logSigma) / (lowLog - highLog)));
    return (1 - weight) * low + weight * (low + 1);
  }

  /** Sigmas from most to least noise, dense towards the end (arXiv:2206.00364, equation 5). */
  static double[] karras(double most, double least, int count) {
    double from = Math.pow(most, 1 / KARRAS_RHO);
    double to = Math.pow(least, 1 / KARRAS_RHO);
    double[] schedule = new double[count];
    for (int i = 0; i < count; i++) {
      double ramp = count == 1 ? 0 : i / (double) (count - 1);
      schedule[i] = Math.pow(from + ramp * (to - from), KARRAS_RHO);
    }
    return schedule;
  }
}
