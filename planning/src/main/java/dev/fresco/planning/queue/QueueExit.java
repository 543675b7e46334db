package dev.fresco.planning.queue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** A job that leaves the queue without a worker. */
public record QueueExit(PendingJob job, Reason reason) {
  /** Why it leaves. */
  public enum Reason {
    /** Somebody asked for it. */
    CANCELLED,
    /** Its deadline has passed. */
    EXPIRED
  }

  /** The jobs that leave at this moment; who asked to cancel is told so, even past the deadline. */
  public static List<QueueExit> of(
      Collection<PendingJob> pending, Set<String> cancelled, Instant now) {
    List<QueueExit> exits = new ArrayList<>();
    for (PendingJob job : pending) {
      if (cancelled.contains(job.jobId())) {
        exits.add(new QueueExit(job, Reason.CANCELLED));
      } else if (job.isExpired(now)) {
        exits.add(new QueueExit(job, Reason.EXPIRED));
      }
    }
    return exits;
  }
}
