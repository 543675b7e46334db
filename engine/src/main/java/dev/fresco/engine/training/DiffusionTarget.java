package dev.fresco.engine.training;

/**
 * How clean latents and noise are mixed at a time from 0 to 1, and what the model should say of the
 * mixture.
 */
public enum DiffusionTarget {
  /**
   * Flow matching on straight ways (Lipman et al. 2023, with noise at time 1): {@code (1 - t) *
   * clean + t * noise}, of which the model says the velocity {@code noise - clean}.
   */
  VELOCITY {
    @Override
    Mixture at(double time) {
      return new Mixture(1 - time, time, -1, 1);
    }
  },
  /**
   * Diffusion with the cosine schedule (Nichol and Dhariwal 2021, without offset): {@code cos(t pi
   * / 2) * clean + sin(t pi / 2) * noise}, of which the model says the noise.
   */
  NOISE {
    @Override
    Mixture at(double time) {
      return new Mixture(Math.cos(time * Math.PI / 2), Math.sin(time * Math.PI / 2), 0, 1);
    }
  };

  /** Shares of the clean latents and the noise in what the model sees, and in its target. */
  record Mixture(double clean, double noise, double cleanInTarget, double noiseInTarget) {}

  abstract Mixture at(double time);
}
