package dev.fresco.engine.sampler;

import java.util.List;

/**
 * All steps of a request, first to last.
 *
 * @param initialNoiseScale standard deviation of the first sample ({@code init_noise_sigma})
 */
public record SamplerSchedule(double initialNoiseScale, List<StepCoefficients> steps) {
  public SamplerSchedule {
    steps = List.copyOf(steps);
  }
}
