package dev.fresco.training.job;

import dev.fresco.contracts.training.TrainingJob;
import java.time.Instant;

/** What happens to training jobs, as functions of their state. */
public final class TrainingJobs {
  private TrainingJobs() {}

  /** The job once it is stopped; one that was stopped before keeps its time. */
  public static TrainingJob stopped(TrainingJob job, Instant at) {
    return switch (job.state()) {
      case STOPPED -> job;
      case CREATED ->
          new TrainingJob(
              job.id(),
              job.tenant(),
              job.name(),
              job.model(),
              job.stages(),
              job.microbatches(),
              job.iterations(),
              job.labels(),
              TrainingJob.State.STOPPED,
              job.createdAt(),
              at);
    };
  }
}
