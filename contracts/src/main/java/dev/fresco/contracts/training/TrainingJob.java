package dev.fresco.contracts.training;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.fresco.contracts.Require;
import java.time.Instant;
import java.util.Map;

/**
 * A pipeline-parallel training job.
 *
 * @param stages pipeline stages
 * @param microbatches per iteration, of each replica
 * @param iterations to run
 * @param stoppedAt null unless it was stopped
 * @param kind {@code EXTERNAL} for records without one
 * @param replicas of the whole pipeline, each with data of its own; 1 for records without it
 * @param schedule {@code ADAPTIVE} for records without one
 * @param maxActivations microbatches that a stage can hold at a time, or null for no limit but that
 *     of healthy schedules
 * @param status how far it is
 * @param setup what Fresco's runtime trains; null for {@code EXTERNAL}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TrainingJob(
    String id,
    String tenant,
    String name,
    String model,
    int stages,
    int microbatches,
    int iterations,
    Map<String, String> labels,
    State state,
    Instant createdAt,
    Instant stoppedAt,
    TrainingKind kind,
    Integer replicas,
    TrainingSchedule schedule,
    Integer maxActivations,
    TrainingStatus status,
    TrainingSetup setup) {

  /** Which state follows which, {@code TrainingLifecycle} of the planning module says. */
  public enum State {
    /** Waits for its first iteration. */
    CREATED,
    RUNNING,
    /** Is to stop after the iteration that runs, with a checkpoint. */
    STOPPING,
    /** Can be resumed. */
    STOPPED,
    SUCCEEDED,
    /** Can be resumed. */
    FAILED;

    /** Whether no iteration runs or will run, unless the job is resumed. */
    public boolean hasEnded() {
      return this == STOPPED || this == SUCCEEDED || this == FAILED;
    }
  }

  public TrainingJob {
    Require.text("id", id);
    Require.text("tenant", tenant);
    Require.text("model", model);
    Require.atLeast("stages", stages, 1);
    Require.atLeast("microbatches", microbatches, 1);
    Require.atLeast("iterations", iterations, 1);
    labels = labels == null ? Map.of() : Map.copyOf(labels);
    Require.present("state", state);
    Require.present("createdAt", createdAt);
    kind = kind == null ? TrainingKind.EXTERNAL : kind;
    replicas = replicas == null ? 1 : Require.atLeast("replicas", replicas, 1);
    schedule = schedule == null ? TrainingSchedule.ADAPTIVE : schedule;
    status = status == null ? TrainingStatus.NONE : status;
  }

  /** The same job, in another state and further on. */
  public TrainingJob at(State newState, TrainingStatus newStatus, Instant newStoppedAt) {
    return new TrainingJob(
        id,
        tenant,
        name,
        model,
        stages,
        microbatches,
        iterations,
        labels,
        newState,
        createdAt,
        newStoppedAt,
        kind,
        replicas,
        schedule,
        maxActivations,
        newStatus,
        setup);
  }
}
