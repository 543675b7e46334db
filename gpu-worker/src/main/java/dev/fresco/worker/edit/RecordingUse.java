package dev.fresco.worker.edit;

import dev.fresco.engine.EngineException;
import dev.fresco.engine.recording.ReadAhead;
import dev.fresco.engine.recording.ReadAhead.Pace;
import dev.fresco.engine.recording.Recording;
import dev.fresco.engine.recording.RecordingFile;
import dev.fresco.platform.recording.RecordingLease;
import java.util.ArrayList;
import java.util.List;

/**
 * A recording in use by the pictures of one edit. Each reads it ahead of its own run, by its own
 * plan.
 */
final class RecordingUse implements AutoCloseable {
  /** Read before they are needed, at most. */
  private static final int STEPS_AHEAD = 2;

  private final RecordingLease<RecordingFile> lease;
  private final GuardedRecording file;
  private final LoadingCosts costs;
  private final EditTask task;
  private final List<PlannedRecording> plans = new ArrayList<>();
  private final List<ReadAhead> readers = new ArrayList<>();

  /**
   * @param lease given back when this is closed
   */
  RecordingUse(RecordingLease<RecordingFile> lease, LoadingCosts costs, EditTask task) {
    this.lease = lease;
    this.file = new GuardedRecording(lease.recording());
    this.costs = costs;
    this.task = task;
  }

  /** For the run of one more picture. */
  Recording forRun() {
    RecordingFile recording = lease.recording();
    double stepBytes = (double) recording.bytes() / recording.steps();
    PlannedRecording plan =
        new PlannedRecording(
            file,
            steps -> costs.plan(task, steps, stepBytes),
            step -> lease.has(recording.bytesUntil(step)));
    ReadAhead reader =
        new ReadAhead(
            plan,
            plan::isPlanned,
            (long) (STEPS_AHEAD * stepBytes),
            new Pace(costs.bytesPerSecond(), System::nanoTime));
    plans.add(plan);
    readers.add(reader);
    return reader;
  }

  /** Why it could not be read, or null. */
  EngineException failure() {
    return file.failure();
  }

  /** Steps of all pictures that had to be computed in full. */
  int stepsInFull() {
    return plans.stream().mapToInt(PlannedRecording::stepsInFull).sum();
  }

  @Override
  public void close() {
    readers.forEach(ReadAhead::close);
    lease.close();
  }
}
