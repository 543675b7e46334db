package dev.fresco.contracts.training;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.fresco.contracts.Require;
import java.time.Instant;

/**
 * A stretch of time in which a stage or a link of a job is slower than it is when healthy.
 *
 * @param place {@code stage 2}, {@code link 0}, or with replicas {@code link 0 of replica 1}
 * @param operation whose times show it, for example {@code send_activation}
 * @param begin of the first operations that were slow, as far as can be told
 * @param end of the stretch, or null while it lasts
 * @param healthyMillis of an operation if it were not for this
 * @param slowMillis of an operation
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TrainingDelay(
    String place,
    String operation,
    Instant begin,
    Instant end,
    double healthyMillis,
    double slowMillis) {
  public TrainingDelay {
    Require.text("place", place);
    Require.text("operation", operation);
    Require.present("begin", begin);
    Require.finite("healthyMillis", healthyMillis);
    Require.finite("slowMillis", slowMillis);
  }
}
