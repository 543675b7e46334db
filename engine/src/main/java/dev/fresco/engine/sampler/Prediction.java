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
    CleanEstimate x0(double signal, double noise) {
      return new CleanEstimate(1 / signal, -noise / signal, Double.POSITIVE_INFINITY);
    }

    @Override
    Weights epsilon(double signal, double noise) {
      return new Weights(0, 1);
    }
  },

  /** {@code v = signal * epsilon - noise * x0} (arXiv:2202.00512, section 4). */
  V_PREDICTION {
    @Override
    CleanEstimate x0(double signal, double noise) {
      return new CleanEstimate(signal, -noise, Double.POSITIVE_INFINITY);
    }

    @Override
    Weights epsilon(double signal, double noise) {
      return new Weights(noise, signal);
    }
  },

  /** The clean picture itself. */
  SAMPLE {
    @Override
    CleanEstimate x0(double signal, double noise) {
      return new CleanEstimate(0, 1, Double.POSITIVE_INFINITY);
    }

    @Override
    Weights epsilon(double signal, double noise) {
      return new Weights(1 / noise, -signal / noise);
    }
  };

  /** The clean picture from sample and output, unclipped. */
  abstract CleanEstimate x0(double signal, double noise);

  /** The noise from sample and output; clipping {@link #x0} does not change it. */
  abstract Weights epsilon(double signal, double noise);

  record Weights(double ofSample, double ofOutput) {}
}
