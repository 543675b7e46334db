package dev.fresco.contracts.training;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.fresco.contracts.ErrorCode;
import java.time.Instant;

/** Something that happened to a training job. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = TrainingEvent.Created.class, name = "created"),
  @JsonSubTypes.Type(value = TrainingEvent.Started.class, name = "started"),
  @JsonSubTypes.Type(value = TrainingEvent.Progressed.class, name = "progressed"),
  @JsonSubTypes.Type(value = TrainingEvent.Planned.class, name = "planned"),
  @JsonSubTypes.Type(value = TrainingEvent.Degraded.class, name = "degraded"),
  @JsonSubTypes.Type(value = TrainingEvent.Healed.class, name = "healed"),
  @JsonSubTypes.Type(value = TrainingEvent.Silent.class, name = "silent"),
  @JsonSubTypes.Type(value = TrainingEvent.Restarted.class, name = "restarted"),
  @JsonSubTypes.Type(value = TrainingEvent.Checkpointed.class, name = "checkpointed"),
  @JsonSubTypes.Type(value = TrainingEvent.Sampled.class, name = "sampled"),
  @JsonSubTypes.Type(value = TrainingEvent.StopRequested.class, name = "stop-requested"),
  @JsonSubTypes.Type(value = TrainingEvent.Stopped.class, name = "stopped"),
  @JsonSubTypes.Type(value = TrainingEvent.Succeeded.class, name = "succeeded"),
  @JsonSubTypes.Type(value = TrainingEvent.Failed.class, name = "failed"),
  @JsonSubTypes.Type(value = TrainingEvent.Resumed.class, name = "resumed")
})
@JsonInclude(JsonInclude.Include.NON_NULL)
public sealed interface TrainingEvent {
  String trainingJobId();

  Instant at();

  record Created(String trainingJobId, Instant at, TrainingJob job) implements TrainingEvent {}

  /** Its first iteration begins, or the first one after it was resumed. */
  record Started(String trainingJobId, Instant at) implements TrainingEvent {}

  /** An iteration has ended. Not every iteration is told. */
  record Progressed(String trainingJobId, Instant at, TrainingProgress progress)
      implements TrainingEvent {}

  /**
   * Another schedule was made; {@code fresco.training.plans} has it.
   *
   * @param number of the plan
   * @param fromIteration from which on it is meant
   * @param reason in words
   */
  record Planned(String trainingJobId, Instant at, int number, long fromIteration, String reason)
      implements TrainingEvent {}

  /** A stage or a link has become slow, or slow by another size. */
  record Degraded(String trainingJobId, Instant at, TrainingDelay delay) implements TrainingEvent {}

  /** A stage or a link is as fast as before again. */
  record Healed(String trainingJobId, Instant at, TrainingDelay delay) implements TrainingEvent {}

  /**
   * A stage has told nothing for long, while others have.
   *
   * @param iteration the last one that it told of, or -1
   */
  record Silent(String trainingJobId, Instant at, int replica, int stage, long iteration)
      implements TrainingEvent {}

  /** A stage was lost, and all start again from the newest checkpoint. */
  record Restarted(String trainingJobId, Instant at, String reason) implements TrainingEvent {}

  /**
   * A checkpoint is complete.
   *
   * @param iterations that it holds
   */
  record Checkpointed(String trainingJobId, Instant at, long iterations) implements TrainingEvent {}

  /**
   * A picture was painted with what has been learnt.
   *
   * @param iterations that were done
   * @param objectKey of the PNG in the object store
   */
  record Sampled(String trainingJobId, Instant at, long iterations, String prompt, String objectKey)
      implements TrainingEvent {}

  record StopRequested(String trainingJobId, Instant at) implements TrainingEvent {}

  record Stopped(String trainingJobId, Instant at) implements TrainingEvent {}

  /**
   * All iterations are done.
   *
   * @param adapterId of the adapter that came of it, or null
   */
  record Succeeded(String trainingJobId, Instant at, String adapterId) implements TrainingEvent {}

  record Failed(String trainingJobId, Instant at, ErrorCode code, String message)
      implements TrainingEvent {}

  /** A job that had stopped or failed is to go on. */
  record Resumed(String trainingJobId, Instant at) implements TrainingEvent {}
}
