package dev.fresco.contracts.job;

import dev.fresco.contracts.Require;
import java.time.Instant;

/** The router bound a job to the worker that owns the record's partition. */
public record JobAssigned(
    String jobId,
    String tenant,
    String workerId,
    Instant createdAt,
    Instant assignedAt,
    JobRequest request) {

  public JobAssigned {
    Require.text("jobId", jobId);
    Require.text("tenant", tenant);
    Require.text("workerId", workerId);
    Require.present("createdAt", createdAt);
    Require.present("assignedAt", assignedAt);
    Require.present("request", request);
  }
}
