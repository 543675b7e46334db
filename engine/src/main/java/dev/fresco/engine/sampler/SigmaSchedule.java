package dev.fresco.engine.sampler;

import dev.fresco.engine.EngineException;

/**
 * How the noise levels of the steps follow from their timesteps, for the samplers that think in
 * sigma.
 *
 * @param karras whether the levels follow Karras' curve instead of the timesteps
 * @param least end of that curve, NaN for the one that the sampler takes by itself
 * @param most start of that curve, likewise
 * @param ending where the last step ends
 */
record SigmaSchedule(boolean karras, double least, double most, Ending ending) {

  /** Where the last step ends ({@code final_sigmas_type}). */
  enum Ending {
    ZERO,
    SIGMA_MIN
  }

  /** The timesteps' own levels, down to 0. */
  static SigmaSchedule plain() {
    return new SigmaSchedule(false, Double.NaN, Double.NaN, Ending.ZERO);
  }

  static SigmaSchedule of(SchedulerConfig config, boolean karras) {
    config.mustBe("use_exponential_sigmas", "false");
    config.mustBe("use_beta_sigmas", "false");
    return new SigmaSchedule(
        karras,
        bound(config, "sigma_min"),
        bound(config, "sigma_max"),
        config.choice("final_sigmas_type", Ending.ZERO));
  }

  /**
   * Sigmas that the steps start from, before they are rounded.
   *
   * @param spaced sigmas of the spaced timesteps, most noise first
   * @param defaultMost where Karras' curve starts if the config does not say
   * @param defaultLeast where it ends
   */
  double[] starts(double[] spaced, double defaultMost, double defaultLeast) {
    return karras
        ? SigmaTable.karras(
            Double.isNaN(most) ? defaultMost : most,
            Double.isNaN(least) ? defaultLeast : least,
            spaced.length)
        : spaced;
  }

  /**
   * Noise levels in fp32, one more than there are steps: step i goes from level i to level i + 1.
   *
   * @param leastEnd where the last step ends if the config wants it to end above 0
   * @throws EngineException if two steps would start from the same level
   */
  double[] levels(double[] starts, double leastEnd) {
    int steps = starts.length;
    double[] levels = new double[steps + 1];
    for (int i = 0; i < steps; i++) {
      levels[i] = (float) starts[i];
      if (i > 0 && !(levels[i] < levels[i - 1])) {
        throw new EngineException(
            "steps is "
                + steps
                + ": too many for this noise schedule, steps "
                + i
                + " and "
                + (i + 1)
                + " would both start at sigma "
                + levels[i]);
      }
    }
    levels[steps] = ending == Ending.ZERO ? 0 : (float) leastEnd;
    return levels;
  }

  private static double bound(SchedulerConfig config, String key) {
    double value = config.real(key, Double.NaN);
    if (value <= 0) {
      throw config.refusal(key, "must be above 0");
    }
    return value;
  }
}
