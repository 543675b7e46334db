package dev.fresco.gateway.view;

import dev.fresco.contracts.ErrorCode;
import dev.fresco.contracts.job.JobEvent;
import dev.fresco.contracts.job.JobEvent.ImageResult;
import dev.fresco.contracts.job.JobEvent.JobExecution;
import dev.fresco.contracts.job.JobEvent.JobTimings;
import java.time.Instant;
import java.util.List;

/**
 * How a job ended.
 *
 * @param error null unless it failed
 * @param timings null unless it succeeded
 * @param execution null unless it succeeded
 */
public record JobEnding(
    Instant at,
    List<ImageResult> images,
    Failure error,
    List<String> warnings,
    JobTimings timings,
    JobExecution execution) {

  /** Why a job failed. */
  public record Failure(ErrorCode code, String message) {}

  static JobEnding of(JobEvent.Succeeded event) {
    return new JobEnding(
        event.at(), event.images(), null, event.warnings(), event.timings(), event.execution());
  }

  static JobEnding of(JobEvent.Failed event) {
    Failure failure = new Failure(event.code(), event.message());
    return new JobEnding(event.at(), List.of(), failure, List.of(), null, null);
  }

  static JobEnding at(Instant at) {
    return new JobEnding(at, List.of(), null, List.of(), null, null);
  }
}
