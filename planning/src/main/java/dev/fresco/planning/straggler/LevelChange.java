package dev.fresco.planning.straggler;

import java.time.Instant;

/**
 * A supposed change of level, some blocks ago, and whether it is one: the posterior may be sure of
 * it and yet wrong, just after a burst or while the machine drifts.
 *
 * <p>The numbers of standard errors were chosen on synthetic traces with noise of 5 to 20 % a
 * sample: with 4.5, 3 and 3 of them there were 1.2 false alarms in 10,000 quiet iterations instead
 * of .5, and delays were found no earlier.
 *
 * @param run blocks since the change, more than {@code burst}
 * @param burst blocks that a burst can be in
 * @param noise standard deviation of a block
 */
record LevelChange(BlockHistory history, int run, int burst, double noise) {
  /** That a level must be off the one it should have. */
  static final double STANDARD_ERRORS = 5.5;

  /** That it must be off the blocks just before, which know of no baseline. */
  static final double RISE_ERRORS = 4.5;

  /** That what comes after a burst must be off: it is few blocks. */
  static final double REST_ERRORS = 3.5;

  /** Blocks before a change that are compared with those after it: bursts are the lesser part. */
  static final int BEFORE = 24;

  /** Of a median, in the variance of a mean of as many. */
  private static final double MEDIAN_VARIANCE = Math.PI / 2;

  Instant begin() {
    return history.back(run).begin();
  }

  /** Mean logarithm since the change. */
  double level() {
    return history.mean(run);
  }

  /** The level without the first block, which may lie across the change, and without bursts. */
  double steadyLevel() {
    return history.medianBefore(0, run);
  }

  /**
   * Whether the level is off another by more than chance.
   *
   * @param common part of the other level that comes from peers: the least of them is below their
   *     mean and has an error of its own, and counts as far as the peers decide
   */
  boolean isClear(double other, double common) {
    double apart = Math.abs(level() - other);
    double fromPeers = Math.min(1, common / apart);
    double error = noise * Math.sqrt((1 + 3 * fromPeers * fromPeers) / run);
    return apart > STANDARD_ERRORS * error;
  }

  /**
   * Whether the level is above the blocks before by 10 %, and by more than chance.
   *
   * @param peersRise by how much the peers have risen at the same time
   */
  boolean isRise(double peersRise) {
    double before = history.medianBefore(run, BEFORE) + peersRise;
    double error = noise * Math.sqrt(1. / run + MEDIAN_VARIANCE / BEFORE);
    return DegradationRules.isChange(Math.exp(before), Math.exp(level()))
        && level() > before + RISE_ERRORS * error;
  }

  /**
   * Whether the blocks are nearer to their level than to that before without the burst that they
   * may have begun with, by more than chance, and without one that they may have ended with, and in
   * the newest of them.
   */
  boolean lasts(double before) {
    int rest = run - burst;
    double half = Math.abs(level() - before) / 2;
    double direction = Math.signum(level() - before);
    double chance = REST_ERRORS * noise / Math.sqrt(rest);
    return (history.mean(rest) - before) * direction > Math.max(half, chance)
        && (history.meanBefore(burst, rest) - before) * direction > half
        && (history.mean(1) - before) * direction > half;
  }
}
