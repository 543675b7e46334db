package dev.fresco.engine.sampler;

import dev.fresco.engine.EngineException;

/** Turns a number of steps into coefficients. Immutable, safe for any thread, and quick. */
public interface Sampler {
  /**
   * The coefficients of a request's steps; the same for the same number.
   *
   * @param steps denoising steps, from 1 to the model's training steps
   * @throws EngineException if the model's noise schedule has no such number of distinct steps
   */
  SamplerSchedule schedule(int steps);
}
