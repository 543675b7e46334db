package dev.fresco.contracts.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.fresco.contracts.Require;
import java.time.Instant;

/**
 * A job was accepted; from here on it reaches exactly one terminal event.
 *
 * @param idempotency what the caller's {@code Idempotency-Key} stands for, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record JobRequested(
    String jobId, String tenant, Instant createdAt, JobRequest request, Idempotency idempotency) {

  public JobRequested {
    Require.text("jobId", jobId);
    Require.text("tenant", tenant);
    Require.present("createdAt", createdAt);
    Require.present("request", request);
  }

  /**
   * @param key as the caller sent it
   * @param fingerprint SHA-256 of the request's body, to tell a repeat from a reuse
   */
  public record Idempotency(String key, String fingerprint) {
    public Idempotency {
      Require.text("key", key);
      Require.text("fingerprint", fingerprint);
    }
  }
}
