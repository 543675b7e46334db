package dev.fresco.contracts.training;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;

/** Something that happened to a training job. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = TrainingEvent.Created.class, name = "created"),
  @JsonSubTypes.Type(value = TrainingEvent.Stopped.class, name = "stopped")
})
@JsonInclude(JsonInclude.Include.NON_NULL)
public sealed interface TrainingEvent {
  String trainingJobId();

  Instant at();

  record Created(String trainingJobId, Instant at, TrainingJob job) implements TrainingEvent {}

  record Stopped(String trainingJobId, Instant at) implements TrainingEvent {}
}
