package dev.fresco.router.state;

import dev.fresco.contracts.job.JobRequested;
import dev.fresco.planning.queue.PendingJob;

/**
 * A job in the queue.
 *
 * @param offset of its request
 * @param announced whether {@code Queued} was sent for it
 */
public record QueuedJob(PendingJob job, JobRequested requested, long offset, boolean announced) {
  QueuedJob markAnnounced() {
    return new QueuedJob(job, requested, offset, true);
  }
}
