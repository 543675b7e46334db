package dev.fresco.engine.sampler;

/**
 * How much of a picture and how much noise a sample holds in a sampler's own scale: {@code sample =
 * signal * picture + noise * epsilon}. A picture to start from is noised so, as {@code add_noise}
 * and {@code scale_noise} do in the reference.
 */
public record NoiseLevel(double signal, double noise) {
  /** Of a finished picture. */
  public static final NoiseLevel CLEAN = new NoiseLevel(1, 0);

  /** For samplers that keep the variance, from noise to signal. */
  static NoiseLevel ofSigma(double sigma) {
    double signal = 1 / Math.sqrt(sigma * sigma + 1);
    return new NoiseLevel(signal, sigma * signal);
  }

  /** For samplers that keep the variance, from the picture's share of it. */
  static NoiseLevel ofAlphaCumprod(double alphaCumprod) {
    return new NoiseLevel(Math.sqrt(alphaCumprod), Math.sqrt(1 - alphaCumprod));
  }
}
