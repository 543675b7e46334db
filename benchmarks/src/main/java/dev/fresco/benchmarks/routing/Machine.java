package dev.fresco.benchmarks.routing;

import dev.fresco.planning.cost.StepCost;

/**
 * What workers are like.
 *
 * @param slots requests that a batch takes at most
 * @param cost of a step in whole pictures, computed and loaded
 * @param noise by which share a step may be shorter or longer than its cost
 * @param recordings that a worker keeps, those used last
 * @param fetchMillis until one that it does not have is there
 */
record Machine(int slots, StepCost cost, double noise, int recordings, double fetchMillis) {
  /** By which a step is longer or shorter by chance, each length as likely. */
  private static final double NOISE = .05;

  /**
   * One whose dense step of one picture lasts so long.
   *
   * @param constant share of it that is there whatever the batch
   * @param loaded what an edit of ratio 0 adds, as a share of it: loads, and what is computed in
   *     full
   */
  static Machine of(
      double denseMillis, double constant, double loaded, int recordings, double fetchMillis) {
    StepCost cost =
        new StepCost(denseMillis * constant, denseMillis * (1 - constant), denseMillis * loaded);
    return new Machine(8, cost, NOISE, recordings, fetchMillis);
  }

  /** How often faster than a dense one the step of a lone edit is. */
  double speedUp(double ratio) {
    return cost.millis(1, 0) / cost.millis(ratio, 1 - ratio);
  }
}
