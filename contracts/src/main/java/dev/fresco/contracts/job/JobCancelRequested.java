package dev.fresco.contracts.job;

import dev.fresco.contracts.Require;
import java.time.Instant;

/** Somebody asked to cancel a job; it has no effect on one that has ended. */
public record JobCancelRequested(String jobId, Instant requestedAt) {
  public JobCancelRequested {
    Require.text("jobId", jobId);
    Require.present("requestedAt", requestedAt);
  }
}
