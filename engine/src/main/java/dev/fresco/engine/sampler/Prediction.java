package dev.fresco.engine.sampler;

import dev.fresco.engine.sampler.StepCoefficients.CleanEstimate;

/**
 * What the network's output means, for a sample {@code x = signal * x0 + noise * epsilon} with
 * {@code signal^2 + noise^2 = 1}.
 */
enum Prediction {
  /** The noise in the sample (DDPM, arXiv:2006.11239). */
  EPSILON {
    @Override
    CleanEstimate x0(NoiseLevel level) {
      return new CleanEstimate(
          1 / level.signal(), -level.noise() / level.signal(), Double.POSITIVE_INFINITY);
    }

    @Override
    Weights epsilon(NoiseLevel level) {
      return new Weights(0, 1);
    }

    @Override
    NoiseLevel target(NoiseLevel level) {
      return new NoiseLevel(0, 1);
    }
  },

  /** {@code v = signal * epsilon - noise * x0} (arXiv:2202.00512, section 4). */
  V_PREDICTION {
    @Override
    CleanEstimate x0(NoiseLevel level) {
      return new CleanEstimate(level.signal(), -level.noise(), Double.POSITIVE_INFINITY);
    }

    @Override
    Weights epsilon(NoiseLevel level) {
      return new Weights(level.noise(), level.signal());
    }

    @Override
    NoiseLevel target(NoiseLevel level) {
      return new NoiseLevel(-level.noise(), level.signal());
    }
  },

  /** The clean picture itself. */
  SAMPLE {
    @Override
    CleanEstimate x0(NoiseLevel level) {
      return new CleanEstimate(0, 1, Double.POSITIVE_INFINITY);
    }

    @Override
    Weights epsilon(NoiseLevel level) {
      return new Weights(1 / level.noise(), -level.signal() / level.noise());
    }

    @Override
    NoiseLevel target(NoiseLevel level) {
      return NoiseLevel.CLEAN;
    }
  };

  /** The clean picture from sample and output, unclipped. */
  abstract CleanEstimate x0(NoiseLevel level);

  /** The noise from sample and output; clipping {@link #x0} does not change it. */
  abstract Weights epsilon(NoiseLevel level);

  /** What the network should say of a sample, as shares of the clean picture and the noise. */
  abstract NoiseLevel target(NoiseLevel level);

  record Weights(double ofSample, double ofOutput) {}
}
