package dev.fresco.training.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.fresco.contracts.training.TrainingJob;
import dev.fresco.contracts.training.TrainingKind;
import dev.fresco.contracts.training.TrainingProgress;
import dev.fresco.contracts.training.TrainingSchedule;
import dev.fresco.contracts.training.TrainingSetup;
import dev.fresco.contracts.training.TrainingStatus;
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
    Instant stoppedAt,
    TrainingKind kind,
    int replicas,
    TrainingSchedule schedule,
    Integer maxActivations,
    Instant startedAt,
    Instant endedAt,
    TrainingProgress progress,
    Long checkpoint,
    TrainingStatus.Failure error,
    String adapterId,
    String sample,
    TrainingSetup setup) {

  static TrainingJobView of(TrainingJob job) {
    TrainingStatus status = job.status();
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
        job.stoppedAt(),
        job.kind(),
        job.replicas(),
        job.schedule(),
        job.maxActivations(),
        status.startedAt(),
        status.endedAt(),
        status.progress(),
        status.checkpoint(),
        status.failure(),
        status.adapterId(),
        status.sampleKey() == null ? null : samplePath(job.id()),
        job.setup());
  }

  /** Where the newest picture of a job is served. */
  static String samplePath(String jobId) {
    return "/v1/training-jobs/" + jobId + "/sample";
  }
}
