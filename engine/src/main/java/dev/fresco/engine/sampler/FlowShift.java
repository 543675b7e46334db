package dev.fresco.engine.sampler;

import dev.fresco.engine.EngineException;

/**
 * How a flow sampler moves its levels towards noise, since the same level destroys less of a large
 * picture (arXiv:2403.03206, equation 23): by a factor of the config, or by one that follows from
 * the number of image tokens.
 *
 * @param factor that sigma / (1 - sigma) is multiplied by; for the static shift
 * @param dynamic null where the shift does not depend on the size
 * @param terminal where the levels are stretched to end; 0 where they are not
 */
record FlowShift(double factor, Dynamic dynamic, double terminal) {

  /** How the exponent {@code mu} turns into a factor ({@code time_shift_type}). */
  enum Type {
    EXPONENTIAL,
    LINEAR
  }

  /**
   * A straight line from tokens to {@code mu}.
   *
   * @param base mu at {@code baseTokens}
   * @param max mu at {@code maxTokens}
   */
  record Dynamic(Type type, double base, double max, int baseTokens, int maxTokens) {
    static Dynamic of(SchedulerConfig config) {
      Dynamic dynamic =
          new Dynamic(
              config.choice("time_shift_type", Type.EXPONENTIAL),
              config.real("base_shift", 0.5),
              config.real("max_shift", 1.15),
              config.integer("base_image_seq_len", 256, 1, Integer.MAX_VALUE),
              config.integer("max_image_seq_len", 4096, 1, Integer.MAX_VALUE));
      if (dynamic.baseTokens == dynamic.maxTokens) {
        throw config.refusal("max_image_seq_len", "must differ from base_image_seq_len");
      }
      return dynamic;
    }

    double factor(int tokens) {
      if (tokens < 1) {
        throw new EngineException(
            "imageTokens is " + tokens + "; this model's sampler shifts with the picture's size");
      }
      double slope = (max - base) / (maxTokens - baseTokens);
      double mu = tokens * slope + (base - slope * baseTokens);
      double factor =
          switch (type) {
            case EXPONENTIAL -> Math.exp(mu);
            case LINEAR -> mu;
          };
      if (!(factor > 0 && Double.isFinite(factor))) {
        throw new EngineException(
            "imageTokens is %d: the shift would be %s (base_shift, max_shift)"
                .formatted(tokens, factor));
      }
      return factor;
    }
  }

  static FlowShift of(SchedulerConfig config) {
    double factor = config.real("shift", 1);
    if (!(factor > 0 && Double.isFinite(factor))) {
      throw config.refusal("shift", "must be above 0");
    }
    double terminal = config.real("shift_terminal", 0);
    if (!(terminal >= 0 && terminal < 1)) {
      throw config.refusal("shift_terminal", "must be from 0 to below 1");
    }
    boolean dynamic = config.flag("use_dynamic_shifting", false);
    return new FlowShift(factor, dynamic ? Dynamic.of(config) : null, terminal);
  }

  /**
   * @param levels above 0 and at most 1, from most noise to least
   * @param imageTokens read only by a dynamic shift
   */
  double[] shifted(double[] levels, int imageTokens) {
    double by = dynamic == null ? factor : dynamic.factor(imageTokens);
    double[] shifted = new double[levels.length];
    for (int i = 0; i < levels.length; i++) {
      shifted[i] = by * levels[i] / (1 + (by - 1) * levels[i]);
    }
    return terminal == 0 ? shifted : stretched(shifted);
  }

  private double[] stretched(double[] levels) {
    double scale = (1 - levels[levels.length - 1]) / (1 - terminal);
    if (scale == 0) {
      throw new EngineException("steps is 1; shift_terminal needs at least 2");
    }
    double[] stretched = new double[levels.length];
    for (int i = 0; i < levels.length; i++) {
      stretched[i] = 1 - (1 - levels[i]) / scale;
    }
    return stretched;
  }
}
