package dev.fresco.engine.sampler;

import dev.fresco.engine.EngineException;

/** Turns a request into coefficients. Immutable, safe for any thread, and quick. */
public interface Sampler {
  /**
   * The coefficients of a request's steps; the same for the same request.
   *
   * @throws EngineException if the model's noise schedule has no such number of distinct steps, or
   *     the strength leaves none of them
   */
  SamplerSchedule schedule(ScheduleRequest request);
}
