package dev.fresco.contracts.training;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.fresco.contracts.ErrorCode;
import java.time.Instant;

/**
 * How far a training job is. Each may be null: there is none yet.
 *
 * @param startedAt when its first iteration began
 * @param endedAt when it succeeded, failed or stopped; null again once it is resumed
 * @param progress of its last iteration that was told
 * @param checkpoint iterations that the newest checkpoint holds
 * @param failure why it failed
 * @param adapterId of the adapter that came of it
 * @param sampleKey of the newest picture that shows what was learnt, in the object store
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TrainingStatus(
    Instant startedAt,
    Instant endedAt,
    TrainingProgress progress,
    Long checkpoint,
    Failure failure,
    String adapterId,
    String sampleKey) {
  public static final TrainingStatus NONE =
      new TrainingStatus(null, null, null, null, null, null, null);

  /** Why a job failed. */
  public record Failure(ErrorCode code, String message) {}

  public TrainingStatus started(Instant at) {
    return new TrainingStatus(
        startedAt == null ? at : startedAt, null, progress, checkpoint, null, adapterId, sampleKey);
  }

  public TrainingStatus progressed(TrainingProgress now) {
    return new TrainingStatus(startedAt, endedAt, now, checkpoint, failure, adapterId, sampleKey);
  }

  public TrainingStatus checkpointed(long iterations) {
    return new TrainingStatus(
        startedAt, endedAt, progress, iterations, failure, adapterId, sampleKey);
  }

  public TrainingStatus ended(Instant at, Failure because) {
    return new TrainingStatus(startedAt, at, progress, checkpoint, because, adapterId, sampleKey);
  }

  public TrainingStatus published(String adapter) {
    return new TrainingStatus(
        startedAt, endedAt, progress, checkpoint, failure, adapter, sampleKey);
  }

  public TrainingStatus sampled(String objectKey) {
    return new TrainingStatus(
        startedAt, endedAt, progress, checkpoint, failure, adapterId, objectKey);
  }

  /** About to go on. */
  public TrainingStatus resumed() {
    return new TrainingStatus(startedAt, null, progress, checkpoint, null, adapterId, sampleKey);
  }
}
