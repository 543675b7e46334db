package dev.fresco.planning.straggler;

/**
 * When a change is one, and when slower is too slow.
 *
 * <p>The two rules of 10 % are those of Adaptra (arXiv:2504.19232), which has them from Greyhound.
 */
final class DegradationRules {
  /** Share by which levels differ that are told apart. */
  static final double SHARE = .1;

  private DegradationRules() {}

  /** Whether the levels before and after a supposed change differ enough. */
  static boolean isChange(double beforeMillis, double afterMillis) {
    return Math.abs(afterMillis - beforeMillis) >= SHARE * beforeMillis;
  }

  /** Whether an operation is degraded that should take so long. */
  static boolean isDegraded(double millis, double healthyMillis) {
    return millis > (1 + SHARE) * healthyMillis;
  }
}
