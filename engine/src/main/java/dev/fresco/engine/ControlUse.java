package dev.fresco.engine;

/**
 * A ControlNet in a request.
 *
 * @param picture what it is shown, of the size of the picture to paint
 * @param scale of its residuals
 * @param from share of the steps before its first, 0 to below {@code to}
 * @param to share of the steps up to its last, at most 1
 */
public record ControlUse(ControlNet net, Picture picture, double scale, double from, double to) {
  public ControlUse {
    if (!Double.isFinite(scale)) {
      throw new EngineException("scale of " + net.name() + " is " + scale + "; not finite");
    }
    if (!(from >= 0 && from < to && to <= 1)) {
      throw new EngineException(
          "%s is in use from %s to %s; both must be in 0..1, the first below the second"
              .formatted(net.name(), from, to));
    }
  }

  /** Whether a step is in its range, as diffusers counts it: by both ends of the step's share. */
  public boolean covers(int step, int steps) {
    return (double) step / steps >= from && (double) (step + 1) / steps <= to;
  }
}
