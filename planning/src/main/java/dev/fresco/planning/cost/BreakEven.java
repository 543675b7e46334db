package dev.fresco.planning.cost;

/**
 * From which share of a picture on it is cheaper to compute all of it than a part with a recording.
 *
 * <p>Goal: an edit is never slower with a recording than without.
 *
 * <p>Constraints: what steps cost is learnt from those that are taken, so a share that is never
 * tried again cannot be learnt anew; and with few or equal steps the model says little.
 *
 * <p>Algorithm: a whole picture has the work (1, 0), a part of it (share, 1): all of its recording
 * is loaded, whatever the share. Both cost the same at 1 - millisPerByte / millisPerOperation.
 * Until {@value #STEPS} steps are known it is {@value #FIRST}, and at all times within {@value
 * #LEAST} and {@value #MOST}: recordings pay below the former on every network that was measured,
 * and above the latter there is nothing to win.
 *
 * <p>Example: of 100 ms for a whole picture and 12 ms for a recording, shares below .88 are faster
 * with one.
 */
public final class BreakEven {
  private static final int STEPS = 50;
  private static final double FIRST = .8;
  private static final double LEAST = .5;
  private static final double MOST = .95;

  private BreakEven() {}

  /**
   * @param model of steps whose work counts whole pictures as operations, and recordings, each as
   *     large as its picture, as bytes
   * @return over 0 to 1
   */
  public static double share(CostModel model) {
    StepCost cost = model.cost();
    if (model.steps() < STEPS || cost.millisPerOperation() == 0) {
      return FIRST;
    }
    double share = 1 - cost.millisPerByte() / cost.millisPerOperation();
    return Math.max(LEAST, Math.min(MOST, share));
  }
}
