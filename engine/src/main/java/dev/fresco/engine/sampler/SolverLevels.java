package dev.fresco.engine.sampler;

/**
 * Where the steps of an exponential integrator start and end, on samples that keep the variance.
 * {@code lambda} is the logarithm of signal to noise.
 *
 * @param timesteps one for each step, as the network is told
 * @param sigmas noise to signal, one more than there are steps: step i goes from i to i + 1
 */
record SolverLevels(double[] timesteps, double[] sigmas) {

  NoiseLevel level(int index) {
    return NoiseLevel.ofSigma(sigmas[index]);
  }

  /** {@code exp(-h)}, with h the growth of lambda in a step. */
  double decay(int step) {
    return sigmas[step + 1] / sigmas[step];
  }

  /** The growth of lambda in a step, h; infinite if it ends without noise. */
  double growth(int step) {
    return -Math.log(decay(step));
  }

  /** The share of a sample's noise that is left after a step, as a factor of the sample. */
  double noiseKept(int step) {
    return level(step + 1).noise() / level(step).noise();
  }
}
