package dev.fresco.worker.prepare;

import dev.fresco.contracts.ErrorCode;
import dev.fresco.contracts.job.JobEvent;
import dev.fresco.engine.DiffusionModel;
import dev.fresco.worker.assignment.Conclusions;
import dev.fresco.worker.job.CancelledJobs;
import dev.fresco.worker.job.JobRun;
import java.time.Clock;
import java.time.Instant;

/** Where a job that was taken goes first: to be prepared, or to its end at once. */
public final class Intake {
  private final DiffusionModel model;
  private final CancelledJobs cancelled;
  private final EditJobs edits;
  private final Fetching fetching;
  private final Conclusions conclusions;
  private final Clock clock;

  public Intake(
      DiffusionModel model,
      CancelledJobs cancelled,
      EditJobs edits,
      Fetching fetching,
      Conclusions conclusions,
      Clock clock) {
    this.model = model;
    this.cancelled = cancelled;
    this.edits = edits;
    this.fetching = fetching;
    this.conclusions = conclusions;
    this.clock = clock;
  }

  public void take(JobRun run) {
    String jobId = run.jobId();
    Instant now = clock.instant();
    String served = model.card().id();
    if (cancelled.contains(jobId)) {
      conclusions.end(run, new JobEvent.Cancelled(jobId, now, 0));
    } else if (!run.request().model().equals(served)) {
      String message = "model is " + run.request().model() + "; this worker serves " + served;
      conclusions.end(run, new JobEvent.Failed(jobId, now, ErrorCode.MODEL_NOT_SERVED, message));
    } else {
      edits.prefetch(run);
      fetching.fetchSoon(run);
    }
  }
}
