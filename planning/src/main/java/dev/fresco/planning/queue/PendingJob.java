package dev.fresco.planning.queue;

import dev.fresco.contracts.Require;
import dev.fresco.contracts.job.JobRequest;
import dev.fresco.contracts.job.JobRequested;
import dev.fresco.contracts.job.Priority;
import java.time.Instant;

/**
 * A job that no worker has yet.
 *
 * @param pictures that it makes, at least 1
 * @param steps of each picture, at least 1
 * @param work estimate of what it costs: steps x pictures x pixels, of an edit those of its mask
 * @param deadline after which it expires, or null
 * @param createdAt when it was accepted
 * @param queuedAt when this router took it in; later than {@code createdAt} after a takeover
 * @param needs what it computes of a picture, and what it would like to find at its worker
 */
public record PendingJob(
    String jobId,
    String tenant,
    String model,
    int pictures,
    int steps,
    double work,
    Priority priority,
    Instant deadline,
    Instant createdAt,
    Instant queuedAt,
    JobNeeds needs) {

  /** Of a picture's work: what an edit does not compute has to be loaded. */
  private static final double LEAST_RATIO = .05;

  public PendingJob {
    Require.text("jobId", jobId);
    Require.text("tenant", tenant);
    Require.text("model", model);
    Require.atLeast("pictures", pictures, 1);
    Require.atLeast("steps", steps, 1);
    if (!(work > 0) || Double.isInfinite(work)) {
      throw new IllegalArgumentException("work is " + work + "; it must be positive and finite");
    }
    Require.present("priority", priority);
    Require.present("createdAt", createdAt);
    Require.present("queuedAt", queuedAt);
    Require.present("needs", needs);
  }

  public static PendingJob of(JobRequested requested, Instant queuedAt) {
    JobRequest request = requested.request();
    JobNeeds needs = JobNeeds.of(request);
    double pixels = (double) request.width() * request.height();
    return new PendingJob(
        requested.jobId(),
        requested.tenant(),
        request.model(),
        request.count(),
        request.stepsPerPicture(),
        request.stepsTotal() * pixels * Math.max(LEAST_RATIO, needs.ratio()),
        request.priority(),
        request.deadline(),
        requested.createdAt(),
        queuedAt,
        needs);
  }

  /** Whether the deadline has passed. */
  public boolean isExpired(Instant now) {
    return deadline != null && !now.isBefore(deadline);
  }
}
