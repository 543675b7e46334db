package dev.fresco.engine.sampler;

import dev.fresco.engine.EngineException;

/**
 * The noise that the model was trained on: for each training timestep the share of the picture's
 * variance that is left ({@code alphas_cumprod}), in fp32 as the reference keeps it.
 */
final class NoiseTable {
  static final int MOST_TRAINING_STEPS = 1_000_000;

  private final float[] alphasCumprod;
  private final boolean zeroTerminal;

  private NoiseTable(float[] alphasCumprod, boolean zeroTerminal) {
    this.alphasCumprod = alphasCumprod;
    this.zeroTerminal = zeroTerminal;
  }

  /**
   * How a scheduler class fills in what a config does not say.
   *
   * @param start of the variances
   * @param end of them
   */
  record Defaults(BetaSchedule schedule, double start, double end) {}

  /** With the defaults that most of diffusers' classes have. */
  static NoiseTable of(SchedulerConfig config) {
    return of(config, new Defaults(BetaSchedule.LINEAR, 0.0001, 0.02));
  }

  static NoiseTable of(SchedulerConfig config, Defaults missing) {
    float[] betas = betas(config, missing);
    boolean zeroTerminal = config.flag("rescale_betas_zero_snr", false);
    float[] alphas = cumulativeProduct(zeroTerminal ? rescaled(betas) : betas);
    return new NoiseTable(alphas, zeroTerminal);
  }

  int trainingSteps() {
    return alphasCumprod.length;
  }

  /** Remaining share of the picture's variance at a training timestep, from 0 to 1. */
  double alphaCumprod(int timestep) {
    return alphasCumprod[timestep];
  }

  /** Noise to signal at every timestep, for samplers that cannot start from pure noise. */
  SigmaTable sigmas() {
    float[] alphas = alphasCumprod.clone();
    if (zeroTerminal) {
      // Sigma would be infinite; the reference takes the smallest fp16 number instead.
      alphas[alphas.length - 1] = 0x1p-24f;
    }
    float[] sigmas = new float[alphas.length];
    for (int i = 0; i < sigmas.length; i++) {
      sigmas[i] = (float) Math.sqrt((1 - alphas[i]) / alphas[i]);
    }
    return new SigmaTable(sigmas);
  }

  void requireSteps(int steps) {
    if (steps < 1 || steps > trainingSteps()) {
      throw new EngineException(
          "steps is "
              + steps
              + "; the model's noise schedule allows 1 to "
              + trainingSteps()
              + " (num_train_timesteps)");
    }
  }

  /** Checks that a step's timestep exists; too many steps with a {@code steps_offset} leave it. */
  void requireTimestep(double timestep, int steps) {
    if (timestep < 0 || timestep > trainingSteps() - 1) {
      throw new EngineException(
          "steps is "
              + steps
              + ": too many for this noise schedule, a step would be at timestep "
              + timestep
              + " of 0 to "
              + (trainingSteps() - 1));
    }
  }

  /** Checks that a sample at a timestep has some picture in it, if the network tells the noise. */
  void requireSignal(int timestep, Prediction prediction) {
    if (alphasCumprod[timestep] == 0 && prediction == Prediction.EPSILON) {
      throw new EngineException(
          "prediction_type is epsilon and rescale_betas_zero_snr is true: the first step starts"
              + " from pure noise, of which predicted noise tells nothing");
    }
  }

  private static float[] betas(SchedulerConfig config, Defaults missing) {
    int trainingSteps = config.integer("num_train_timesteps", 1000, 2, MOST_TRAINING_STEPS);
    double[] trained = config.reals("trained_betas");
    if (trained == null) {
      double start = variance(config, "beta_start", missing.start);
      double end = variance(config, "beta_end", missing.end);
      return config.choice("beta_schedule", missing.schedule).betas(start, end, trainingSteps);
    }
    if (trained.length != trainingSteps) {
      throw new EngineException(
          "scheduler config "
              + config.source()
              + ": trained_betas has "
              + trained.length
              + " values; num_train_timesteps is "
              + trainingSteps);
    }
    float[] betas = new float[trainingSteps];
    for (int i = 0; i < trainingSteps; i++) {
      betas[i] = (float) trained[i];
      if (!(betas[i] > 0 && betas[i] < 1)) {
        throw new EngineException(
            "scheduler config "
                + config.source()
                + ": trained_betas["
                + i
                + "] is "
                + trained[i]
                + "; must be above 0 and below 1");
      }
    }
    return betas;
  }

  private static double variance(SchedulerConfig config, String key, double missing) {
    double value = config.real(key, missing);
    if (!(value > 0 && value < 1)) {
      throw config.refusal(key, "must be above 0 and below 1");
    }
    return value;
  }

  /** Shifts and scales so that the last timestep is pure noise (arXiv:2305.08891, algorithm 1). */
  private static float[] rescaled(float[] betas) {
    float[] roots = cumulativeProduct(betas);
    for (int i = 0; i < roots.length; i++) {
      roots[i] = (float) Math.sqrt(roots[i]);
    }
    float first = roots[0];
    float last = roots[roots.length - 1];
    float scale = first / (first - last);
    float[] rescaled = new float[betas.length];
    float before = 1;
    for (int i = 0; i < roots.length; i++) {
      float root = (roots[i] - last) * scale;
      float alphaBar = root * root;
      rescaled[i] = 1 - alphaBar / before;
      before = alphaBar;
    }
    return rescaled;
  }

  private static float[] cumulativeProduct(float[] betas) {
    float[] products = new float[betas.length];
    double product = 1;
    for (int i = 0; i < betas.length; i++) {
      product *= 1 - betas[i];
      products[i] = (float) product;
    }
    return products;
  }
}
