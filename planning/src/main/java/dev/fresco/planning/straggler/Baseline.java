package dev.fresco.planning.straggler;

/**
 * What blocks of one place and kind are when it is healthy, in logarithms of milliseconds.
 *
 * @param level of a block
 * @param noise standard deviation of a block around it, at least {@value #LEAST_NOISE}
 */
record Baseline(double level, double noise) {
  /** Below it, the rules of 10 % decide alone; it keeps clocks that count whole ticks apart. */
  static final double LEAST_NOISE = .005;

  /** Of the newest block in the level: half of it is of the last 355 blocks. */
  private static final double FOLLOWS = 1. / 512;

  /** Of the newest block in the noise. */
  private static final double NOISE_FOLLOWS = 1. / 128;

  /** The mean distance of two normal values is this many times less than their deviation. */
  private static final double DEVIATION_PER_STEP = Math.sqrt(Math.PI) / 2;

  /** The median distance of two normal values, in their deviation. */
  private static final double MEDIAN_STEP = .6745 * Math.sqrt(2);

  /** From the first blocks, less than half of them slow. */
  static Baseline of(double[] logs) {
    double[] steps = new double[logs.length - 1];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = Math.abs(logs[i + 1] - logs[i]);
    }
    return new Baseline(Median.of(logs), Math.max(LEAST_NOISE, Median.of(steps) / MEDIAN_STEP));
  }

  /** The same noise about another level. */
  Baseline at(double otherLevel) {
    return new Baseline(otherLevel, noise);
  }

  /** The level a little nearer to a block's; one that is far off counts as less far. */
  Baseline following(double log) {
    double apart = within(log - level, Math.max(3 * noise, DegradationRules.SHARE));
    return at(level + FOLLOWS * apart);
  }

  /** With the distance of two blocks, one after the other. */
  Baseline stepped(double step) {
    double seen = DEVIATION_PER_STEP * within(Math.abs(step), 4 * noise);
    return new Baseline(level, Math.max(LEAST_NOISE, noise + NOISE_FOLLOWS * (seen - noise)));
  }

  private static double within(double value, double limit) {
    return Math.max(-limit, Math.min(limit, value));
  }
}
