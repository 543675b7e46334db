package dev.fresco.engine.batch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.PictureSettings;
import dev.fresco.engine.sampler.SamplerSchedule;
import dev.fresco.engine.sampler.StepCoefficients;

/**
 * One picture in a batch and the native memory that is its own: its latents, its estimate of the
 * clean latents and its encoded prompts.
 */
final class Member implements AutoCloseable {
  private final NDManager manager;
  private final PictureSettings settings;
  private final SamplerSchedule schedule;
  private final NDArray positive;
  private final NDArray negative;
  private NDArray sample;
  private NDArray estimate;
  private int stepsDone;

  /**
   * @param manager owned by this member from now on
   * @param prompts {@code [1, words, channels]} each, attached to the manager
   */
  Member(
      NDManager manager,
      PictureSettings settings,
      SamplerSchedule schedule,
      Prompts prompts,
      NDArray noise) {
    this.manager = manager;
    this.settings = settings;
    this.schedule = schedule;
    this.positive = prompts.positive();
    this.negative = prompts.negative();
    this.sample = noise;
    this.estimate = noise.zerosLike();
  }

  /** Encoded prompts, {@code [1, words, channels]} each. */
  record Prompts(NDArray positive, NDArray negative) {}

  PictureSettings settings() {
    return settings;
  }

  int stepsDone() {
    return stepsDone;
  }

  StepCoefficients nextStep() {
    return schedule.steps().get(stepsDone);
  }

  /** {@code [1, channels, height, width]}. */
  NDArray sample() {
    return sample;
  }

  /** {@code [1, channels, height, width]}; zeros before the first step. */
  NDArray estimate() {
    return estimate;
  }

  NDArray positive() {
    return positive;
  }

  NDArray negative() {
    return negative;
  }

  /** Takes over what a step made. */
  void advance(NDArray nextSample, NDArray nextEstimate) {
    sample.close();
    estimate.close();
    nextSample.attach(manager);
    nextEstimate.attach(manager);
    sample = nextSample;
    estimate = nextEstimate;
    stepsDone++;
  }

  /** A copy without the leading axis. */
  static HostTensor copy(NDArray map) {
    long[] shape = map.getShape().getShape();
    return HostTensor.of(map.toFloatArray(), shape[1], shape[2], shape[3]);
  }

  @Override
  public void close() {
    manager.close();
  }
}
