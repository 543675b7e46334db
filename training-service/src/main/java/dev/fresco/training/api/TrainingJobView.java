package dev.fresco.training.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.fresco.contracts.training.TrainingJob;
import java.time.Instant;
import java.util.Map;

/** A training job as callers see it: without whose it is. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record TrainingJobView(
    String id,
    String name,
    String model,
    int stages,
    int microbatches,
    int iterations,
    Map<String, String> labels,
    TrainingJob.State state,
    Instant createdAt,
    Instant stoppedAt) {

  static TrainingJobView of(TrainingJob job) {
    return new TrainingJobView(
        job.id(),
        job.name(),
        job.model(),
        job.stages(),
        job.microbatches(),
        job.iterations(),
        job.labels(),
        job.state(),
        job.createdAt(),
        job.stoppedAt());
  }
}
