package dev.fresco.engine.sampler;

import dev.fresco.engine.EngineException;

/**
 * What the steps of a request depend on.
 *
 * @param steps denoising steps from pure noise to a picture
 * @param strength share of them that are taken, from 0 to 1: the last ones. 1 without a picture to
 *     start from
 * @param imageTokens tokens that a diffusion transformer makes of the picture. Only flow samplers
 *     that shift with the size read it; 0 where there are none
 */
public record ScheduleRequest(int steps, double strength, int imageTokens) {
  public ScheduleRequest {
    if (!(strength >= 0 && strength <= 1)) {
      throw new EngineException("strength is " + strength + "; it must be from 0 to 1");
    }
    if (imageTokens < 0) {
      throw new EngineException("imageTokens is " + imageTokens + "; it must not be negative");
    }
  }

  /** All steps, for a network without tokens. */
  public static ScheduleRequest of(int steps) {
    return new ScheduleRequest(steps, 1, 0);
  }

  /**
   * Steps that are left out at the beginning, as the reference's image-to-image pipelines of
   * diffusion models count: the number taken is rounded down.
   *
   * @throws EngineException if no step is left
   */
  int skipped() {
    int taken = Math.min((int) (steps * strength), steps);
    if (taken < 1) {
      throw new EngineException(
          "strength is "
              + strength
              + " with "
              + steps
              + " steps: no step is left; it takes at least 1 / steps = "
              + 1.0 / steps);
    }
    return steps - taken;
  }

  /**
   * The same as the pipelines of flow models count: the number left out is rounded down.
   *
   * @throws EngineException if no step is left
   */
  int skippedOfFlow() {
    int skipped = (int) (steps - Math.min(steps * strength, steps));
    if (skipped >= steps) {
      throw new EngineException(
          "strength is " + strength + " with " + steps + " steps: no step is left");
    }
    return skipped;
  }
}
