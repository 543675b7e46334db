package dev.fresco.worker.edit;

import dev.fresco.engine.recording.RecordedTensor;
import dev.fresco.engine.recording.Recording;
import dev.fresco.planning.cacheload.LoadPlan;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/**
 * A recording of which a run takes the steps that a plan says, as far as they have arrived. The
 * others it computes in full: nobody else in the batch waits for a file.
 */
final class PlannedRecording implements Recording {
  private final Recording recording;
  private final IntFunction<LoadPlan> planning;
  private final IntPredicate arrived;
  private int firstStep;
  private LoadPlan plan;
  private int stepsInFull;

  /**
   * @param planning makes a plan for so many steps, the last ones of the schedule
   * @param arrived whether a step is here
   */
  PlannedRecording(Recording recording, IntFunction<LoadPlan> planning, IntPredicate arrived) {
    this.recording = recording;
    this.planning = planning;
    this.arrived = arrived;
  }

  /**
   * Whether the plan takes a step from the recording. The first one asked for is the run's first.
   */
  synchronized boolean isPlanned(int step) {
    if (plan == null) {
      firstStep = step;
      plan = planning.apply(recording.steps() - step);
    }
    return plan.loads().get(step - firstStep);
  }

  @Override
  public synchronized boolean covers(int step) {
    boolean covered = isPlanned(step) && arrived.test(step);
    stepsInFull += covered ? 0 : 1;
    return covered;
  }

  /** Steps that the run has come to and had to compute in full. */
  synchronized int stepsInFull() {
    return stepsInFull;
  }

  @Override
  public int steps() {
    return recording.steps();
  }

  @Override
  public List<String> names() {
    return recording.names();
  }

  @Override
  public RecordedTensor tensor(int step, String name) {
    return recording.tensor(step, name);
  }
}
