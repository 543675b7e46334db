package dev.fresco.engine.batch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.fresco.engine.Conditioning;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.PictureSettings;
import dev.fresco.engine.TextStates;
import dev.fresco.engine.adapter.AdapterSet;
import dev.fresco.engine.mask.ActiveMember;
import dev.fresco.engine.noise.TorchNoise;
import dev.fresco.engine.recording.RecordedTensor;
import dev.fresco.engine.recording.RecordingSink;
import dev.fresco.engine.sampler.NoiseLevel;
import dev.fresco.engine.sampler.SamplerSchedule;
import dev.fresco.engine.sampler.StepCoefficients;
import java.util.List;

/**
 * One picture in a batch and the native memory that is its own: its latents, what its sampler keeps
 * from step to step, and its encoded prompts.
 */
final class Member implements AutoCloseable {
  private final NDManager manager;
  private final PictureSettings settings;
  private final SamplerSchedule schedule;
  private final Prompts prompts;
  private final Extras extras;
  private final TorchNoise noise;
  private final Blending blending;
  private NDArray sample;
  private NDArray estimate;
  private NDArray memory;
  private float[] drawn;
  private RecordingSink recorder;
  private List<RecordedTensor> left = List.of();
  private int stepsDone;

  /** The step for which it was last asked whether it is computed place by place. */
  private int askedStep = -1;

  private ActiveMember activeNow;

  /**
   * @param manager owned by this member from now on
   * @param prompts attached to the manager
   * @param extras likewise
   */
  Member(
      NDManager manager,
      PictureSettings settings,
      SamplerSchedule schedule,
      Prompts prompts,
      Extras extras,
      MemberStart start) {
    this.manager = manager;
    this.settings = settings;
    this.schedule = schedule;
    this.prompts = prompts;
    this.extras = extras;
    this.recorder = extras.recorder();
    this.noise = start.noise();
    this.blending = start.kept() == null ? null : Blending.of(manager, start.kept());
    this.sample = row(manager, start.sample());
    this.estimate = sample.zerosLike();
    this.memory = schedule.remembers() ? sample.zerosLike() : null;
  }

  /** A tensor with a leading axis of one. */
  static NDArray row(NDManager manager, HostTensor tensor) {
    return manager.create(tensor.data(), new Shape(1).addAll(new Shape(tensor.shape())));
  }

  /**
   * Encoded prompts.
   *
   * @param negative null in families that take none
   */
  record Prompts(Text positive, Text negative) {
    static Prompts of(NDManager manager, Conditioning conditioning) {
      Text negative =
          conditioning.negative() == null ? null : Text.of(manager, conditioning.negative());
      return new Prompts(Text.of(manager, conditioning.positive()), negative);
    }
  }

  /**
   * What a request brings beside its prompts.
   *
   * @param active the places that the network computes; null for whole maps
   * @param recorder takes what the steps leave behind; null if nothing does
   */
  record Extras(
      AdapterSet adapters,
      List<MemberControl> controls,
      ActiveMember active,
      RecordingSink recorder) {}

  /**
   * One encoded text.
   *
   * @param states {@code [1, words, channels]}
   * @param pooled {@code [1, channels]}, or null in families that take none
   */
  record Text(NDArray states, NDArray pooled) {
    private static Text of(NDManager manager, TextStates text) {
      return new Text(
          row(manager, text.states()), text.pooled() == null ? null : row(manager, text.pooled()));
    }
  }

  PictureSettings settings() {
    return settings;
  }

  int stepsDone() {
    return stepsDone;
  }

  /** Steps that make the picture; fewer than its settings say if it started from another. */
  int stepsTotal() {
    return schedule.steps().size();
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

  Prompts prompts() {
    return prompts;
  }

  /** Adapters of the denoising network. */
  AdapterSet adapters() {
    return extras.adapters();
  }

  /** ControlNets that take part in the step to come. */
  List<MemberControl> activeControls() {
    int total = schedule.steps().size();
    return extras.controls().stream()
        .filter(control -> control.use().covers(stepsDone, total))
        .toList();
  }

  /** The places that the network computes in the step to come; null for whole maps. */
  ActiveMember active() {
    int step = scheduleStep();
    if (askedStep != step) {
      askedStep = step;
      ActiveMember active = extras.active();
      boolean whole =
          active != null && active.recording() != null && !active.recording().covers(step);
      activeNow = whole ? null : active;
    }
    return activeNow;
  }

  /** The step to come, counted on the whole schedule, whatever share of it is taken. */
  int scheduleStep() {
    return settings.steps() - stepsTotal() + stepsDone;
  }

  /** What the step to come leaves behind; it is handed on when the step is taken. */
  void leave(List<RecordedTensor> tensors) {
    left = recorder == null ? List.of() : List.copyOf(tensors);
  }

  private void record() {
    int step = scheduleStep();
    try {
      left.forEach(tensor -> recorder.put(step, tensor));
    } catch (RuntimeException e) {
      recorder = null; // it knows; the picture and its neighbours go on
    }
    left = List.of();
  }

  /** What is blended in after every step; null if nothing is. */
  Blending blending() {
    return blending;
  }

  /** The level that the step to come ends at. */
  NoiseLevel nextLevel() {
    boolean last = stepsDone + 1 == schedule.steps().size();
    return last ? NoiseLevel.CLEAN : schedule.steps().get(stepsDone + 1).level();
  }

  /** Whether the sampler has a memory beside the sample and the estimate. */
  boolean remembers() {
    return memory != null;
  }

  /** {@code [1, channels, height, width]}; zeros before the first step. */
  NDArray memory() {
    return memory;
  }

  /** Whether the step to come takes fresh noise. */
  boolean draws() {
    return nextStep().next().fromNoise() != 0;
  }

  /**
   * Standard normal numbers for the step to come, one for each place of the sample. They stay the
   * same until the step is taken, so that one that failed can be run again.
   */
  float[] noise() {
    if (drawn == null) {
      drawn = noise.draw(sample.getShape().getShape()).data();
    }
    return drawn;
  }

  /**
   * What a step makes of a member.
   *
   * @param memory null if it has none
   * @param notFinite how many numbers are not finite
   */
  record Advanced(NDArray sample, NDArray estimate, NDArray memory, long notFinite) {}

  /** Takes over what a step made. */
  void advance(Advanced next) {
    sample = replaced(sample, next.sample());
    estimate = replaced(estimate, next.estimate());
    if (memory != null) {
      memory = replaced(memory, next.memory());
    }
    drawn = null;
    record();
    stepsDone++;
  }

  private NDArray replaced(NDArray old, NDArray next) {
    old.close();
    next.attach(manager);
    return next;
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
