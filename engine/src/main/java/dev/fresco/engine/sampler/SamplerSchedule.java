package dev.fresco.engine.sampler;

import dev.fresco.engine.EngineException;
import dev.fresco.engine.HostTensor;
import java.util.Arrays;
import java.util.List;

/**
 * The steps that a request takes, first to last.
 *
 * @param initialNoiseScale standard deviation of the first sample where there is no picture to
 *     start from ({@code init_noise_sigma}); else the level of the first step says what it is
 * @param steps at least one
 */
public record SamplerSchedule(double initialNoiseScale, List<StepCoefficients> steps) {
  public SamplerSchedule {
    steps = List.copyOf(steps);
  }

  /** The first sample of a request that starts from standard normal noise alone. */
  public HostTensor firstSample(HostTensor noise) {
    return mixed(noise, 0, noise, initialNoiseScale);
  }

  /**
   * The first sample of a request that starts from a picture.
   *
   * @param picture in the network's scale
   * @param noise standard normal, of the same shape
   */
  public HostTensor firstSample(HostTensor picture, HostTensor noise) {
    if (!Arrays.equals(picture.shape(), noise.shape())) {
      throw new EngineException(
          "the picture to start from has the shape %s; the noise has %s"
              .formatted(Arrays.toString(picture.shape()), Arrays.toString(noise.shape())));
    }
    NoiseLevel level = steps.get(0).level();
    return mixed(picture, level.signal(), noise, level.noise());
  }

  private static HostTensor mixed(HostTensor a, double ofA, HostTensor b, double ofB) {
    float[] sums = new float[a.data().length];
    for (int i = 0; i < sums.length; i++) {
      sums[i] = (float) ofA * a.data()[i] + (float) ofB * b.data()[i];
    }
    return new HostTensor(a.shape(), sums);
  }

  /** Whether a request needs a memory beside its sample and its last estimate. */
  public boolean remembers() {
    return steps.stream().anyMatch(step -> !step.memory().equals(StepCoefficients.Memory.NONE));
  }
}
