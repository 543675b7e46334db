package dev.fresco.worker.edit;

import dev.fresco.contracts.job.JobEvent.JobExecution;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.KeptPart;
import dev.fresco.engine.NativeException;
import dev.fresco.engine.OutOfMemoryException;
import dev.fresco.engine.Picture;
import dev.fresco.engine.StartLatents;
import dev.fresco.engine.recording.Recording;
import dev.fresco.engine.recording.RecordingDamagedException;
import dev.fresco.engine.recording.RecordingFile;
import dev.fresco.platform.recording.RecordingLease;
import dev.fresco.worker.recording.Recordings;
import dev.fresco.worker.recording.Recordings.Fetch;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * How an edit runs: on what its mask reaches, with the rest from a recording of its template, or
 * dense. It is decided when the first picture joins the batch, and for all pictures alike; an edit
 * that waits may so use a recording that was made or fetched meanwhile. What goes wrong with the
 * recording turns the edit dense, and never fails it.
 */
public final class EditExecution implements AutoCloseable {
  private final EditTask task;
  private final Recordings recordings;
  private final CompletableFuture<Fetch> fetch;
  private final BesideRun beside;
  private final EditDecoder decoder;
  private final LoadingCosts loading;

  private boolean decided;
  private RecordingUse recording;
  private String denseBecause;
  private boolean records;
  private int stepsInFull;

  /**
   * @param fetch of the recording, which may be under way
   * @param beside is asked for a recording when there is none
   */
  EditExecution(
      EditTask task,
      Recordings recordings,
      CompletableFuture<Fetch> fetch,
      BesideRun beside,
      EditDecoder decoder,
      LoadingCosts loading) {
    this.task = task;
    this.recordings = recordings;
    this.fetch = fetch;
    this.beside = beside;
    this.decoder = decoder;
    this.loading = loading;
  }

  /** Starts a run that records the template beside the edit. */
  @FunctionalInterface
  public interface BesideRun {
    /** Whether there will be a recording. */
    boolean begin();
  }

  /**
   * A picture of the edit, as the caller gets it.
   *
   * @param latents after the last step
   */
  public Picture finished(HostTensor latents) {
    return task.canvas().pasted(decoder.painted(task, latents, isMasked()));
  }

  private synchronized boolean isMasked() {
    return recording != null;
  }

  /** What a picture of the edit starts from, and what of it stays. */
  public synchronized StartLatents start() {
    if (!decided) {
      decided = true;
      decide();
    }
    Recording rest = recording == null ? null : recording.forRun();
    return task.start().keeping(new KeptPart(task.latentMask(), task.noiseSeed(), rest));
  }

  private void decide() {
    if (task.denseBecause() != null) {
      denseBecause = task.denseBecause();
      return;
    }
    Optional<RecordingLease<RecordingFile>> found = recordings.find(task.key().id());
    if (found.isPresent()) {
      recording = new RecordingUse(found.get(), loading, task);
    } else {
      denseBecause = fetch.getNow(Fetch.LATE).words();
      records = beside.begin();
    }
  }

  /**
   * A picture failed.
   *
   * @return whether the job is to run again, dense from now on
   */
  public synchronized boolean runsAgainDense(Exception reason) {
    boolean ofTheWorker =
        reason instanceof OutOfMemoryException || reason instanceof NativeException;
    if (recording == null || ofTheWorker && recording.failure() == null) {
      return false;
    }
    if (recording.failure() instanceof RecordingDamagedException damage) {
      recordings.damaged(task.key().id(), damage.getMessage());
      denseBecause = "its recording is damaged";
    } else if (recording.failure() != null) {
      denseBecause = "its recording cannot be read";
    } else {
      denseBecause = "with its recording it failed: " + reason.getMessage();
    }
    recording.close();
    recording = null;
    return true;
  }

  /** Share of the picture that is computed, as far as is known. */
  public synchronized double ratio() {
    boolean masked = decided ? recording != null : task.denseBecause() == null && isComing();
    return masked ? task.ratio() : 1;
  }

  /** Steps of its pictures that were computed in full since this was last asked. */
  public synchronized int newStepsInFull() {
    if (recording == null) {
      return 0;
    }
    int before = stepsInFull;
    stepsInFull = recording.stepsInFull();
    return stepsInFull - before;
  }

  private boolean isComing() {
    return switch (fetch.getNow(Fetch.LATE)) {
      case LATE, ARRIVING -> true;
      case AT_HAND, ABSENT, FAILED -> recordings.atHand().contains(task.key().id());
    };
  }

  /** For the caller's eyes. */
  public synchronized JobExecution told(String workerId, double meanBatchSize) {
    boolean hit = isMasked();
    return new JobExecution(
        workerId,
        meanBatchSize,
        hit ? JobExecution.MASKED : JobExecution.DENSE,
        hit ? partlyBecause() : denseBecause,
        hit || records ? task.key().id() : null,
        hit);
  }

  private String partlyBecause() {
    int steps = recording.stepsInFull();
    return steps == 0
        ? null
        : "%d of its steps were computed in full, which was faster than to wait for the recording"
            .formatted(steps);
  }

  /** Lets go of the recording. */
  @Override
  public synchronized void close() {
    decided = true;
    if (recording != null) {
      recording.close();
    }
  }
}
