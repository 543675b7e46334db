package dev.fresco.planning.cost;

import java.util.Arrays;

/**
 * What steps cost, learnt from those that were taken.
 *
 * <p>Goal: the milliseconds of a step foreseen from its work, as InstGenIE does by linear
 * regression on operations and bytes (arXiv:2505.20600, Algorithm 2; R^2 of .998 and more there),
 * from the first steps on, and still true when the machine changes its speed.
 *
 * <p>Constraints: no coefficient is negative; a step that something else held up moves little; a
 * value, so that it may be read from any thread.
 *
 * <p>Algorithm: recursive least squares with forgetting, kept as sums ({@link NonNegativeFit}):
 * with each step the steps before count {@value #KEEP} of what they did. A step further from what
 * was foreseen than {@value #USUAL} times the usual distance counts the less, the further it is
 * (Huber's weight); the usual distance itself grows when many are far, so that a real change is
 * believed within some tens of steps. The first {@value #FIRST} steps count in full.
 *
 * <p>Example: after one step of 50 ms with work 1, of which nothing was loaded, half is taken for
 * constant and half for the work. After a second of 80 ms with work 2: 20 and 30.
 */
public final class CostModel {
  /** Half of the weight is in the last 70 steps or so. */
  private static final double KEEP = .99;

  private static final double USUAL = 3;
  private static final int FIRST = 8;

  /** Of the newest step in the usual distance. */
  private static final double NEWEST = .05;

  private final NonNegativeFit fit;
  private final double[] coefficients;
  private final long steps;
  private final double usualDistance;
  private final Spread spread;

  private CostModel(
      NonNegativeFit fit, double[] coefficients, long steps, double usualDistance, Spread spread) {
    this.fit = fit;
    this.coefficients = coefficients;
    this.steps = steps;
    this.usualDistance = usualDistance;
    this.spread = spread;
  }

  /** Nothing was measured yet: every step is foreseen to take no time. */
  public static CostModel empty() {
    return new CostModel(
        NonNegativeFit.empty(), new double[NonNegativeFit.FEATURES], 0, 0, Spread.NONE);
  }

  /**
   * With one more step that was taken.
   *
   * @param millis that it took, above 0
   */
  public CostModel observed(StepWork work, double millis) {
    if (!(millis > 0) || Double.isInfinite(millis)) {
      throw new IllegalArgumentException(
          "a step took " + millis + " ms; it must be above 0, and finite");
    }
    double distance = Math.abs(millis - cost().millis(work));
    double weight = weight(distance);
    double[] features = {1, work.operations(), work.bytes()};
    NonNegativeFit next = fit.with(features, millis, weight, KEEP);
    // What is foreseen of the first steps says nothing about how well it can be foreseen.
    boolean early = steps < FIRST;
    double[] solution = next.solve(coefficients);
    return new CostModel(
        next,
        solution,
        steps + 1,
        early ? firstDistance(solution, work, millis) : usually(distance),
        early ? spread : spread.with(millis, distance, weight));
  }

  private double weight(double distance) {
    double limit = USUAL * usualDistance;
    return steps < FIRST || distance <= limit ? 1 : limit / distance;
  }

  /** At first the distance from the fit itself, or a hundredth of the step if that is more. */
  private double firstDistance(double[] solution, StepWork work, double millis) {
    double missed = Math.abs(millis - cost(solution).millis(work));
    return Math.max(usualDistance, Math.max(.01 * millis, missed));
  }

  private double usually(double distance) {
    double seen = Math.min(distance, 2 * USUAL * usualDistance);
    double usually = usualDistance + NEWEST * (seen - usualDistance);
    // Perfect steps must not make the next imperfect one an outlier.
    return Math.max(usually, 1e-3 * spread.meanMillis());
  }

  /** What the steps so far say. */
  public StepCost cost() {
    return cost(coefficients);
  }

  private static StepCost cost(double[] coefficients) {
    return new StepCost(coefficients[0], coefficients[1], coefficients[2]);
  }

  /** How many steps it has seen. */
  public long steps() {
    return steps;
  }

  /**
   * Share of the steps' variance that was foreseen, each before it was taken and counted by its
   * weight: at most 1; 0 where guessing the mean is as good or better, or nothing varied.
   */
  public double rSquared() {
    return spread.rSquared();
  }

  @Override
  public String toString() {
    return "CostModel" + Arrays.toString(coefficients) + " after " + steps + " steps";
  }

  /**
   * How far steps are from their mean, and from what was foreseen, both squared and weighted.
   *
   * @param weight of all steps, the older ones counting less
   */
  private record Spread(double weight, double meanMillis, double squares, double missed) {
    static final Spread NONE = new Spread(0, 0, 0, 0);

    Spread with(double millis, double distance, double stepWeight) {
      double all = KEEP * weight + stepWeight;
      double apart = millis - meanMillis;
      double mean = meanMillis + apart * stepWeight / all;
      return new Spread(
          all,
          mean,
          KEEP * squares + stepWeight * apart * (millis - mean),
          KEEP * missed + stepWeight * distance * distance);
    }

    double rSquared() {
      return squares > 0 ? Math.max(0, 1 - missed / squares) : 0;
    }
  }
}
