package dev.fresco.training.job;

import dev.fresco.contracts.training.TrainingJob;
import dev.fresco.contracts.training.TrainingKind;
import dev.fresco.contracts.training.TrainingSchedule;
import dev.fresco.platform.web.FieldChecks;
import dev.fresco.platform.web.FieldProblem;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;

/**
 * A training job as a caller asks for it. Numbers are of any size here, so that one out of range is
 * told as such.
 *
 * @param name for people, or null
 * @param model what is trained
 * @param labels for people and their tools, or null
 * @param kind or null for {@code external}
 * @param replicas or null for 1
 * @param schedule or null for {@code adaptive}
 * @param maxActivations microbatches that a stage can hold at a time, or null for no limit
 */
public record TrainingJobSpec(
    String name,
    String model,
    BigDecimal stages,
    BigDecimal microbatches,
    BigDecimal iterations,
    Map<String, String> labels,
    TrainingKind kind,
    BigDecimal replicas,
    TrainingSchedule schedule,
    BigDecimal maxActivations) {
  private static final int LONGEST_TEXT = 200;
  private static final int LONGEST_LABEL_KEY = 63;

  public TrainingJobSpec {
    labels = labels == null ? Map.of() : labels;
  }

  /**
   * Checks every field.
   *
   * @throws dev.fresco.platform.web.ProblemException 422 naming all that are wrong
   */
  public void check(TrainingLimits limits) {
    FieldChecks checks =
        new FieldChecks()
            .text("name", name, LONGEST_TEXT)
            .required("model", model)
            .text("model", model, LONGEST_TEXT)
            .required("stages", stages)
            .whole("stages", stages, 1, limits.maxStages(), "fresco.limits.max-stages")
            .required("microbatches", microbatches)
            .whole(
                "microbatches",
                microbatches,
                1,
                limits.maxMicrobatches(),
                "fresco.limits.max-microbatches")
            .required("iterations", iterations)
            .whole(
                "iterations", iterations, 1, limits.maxIterations(), "fresco.limits.max-iterations")
            .whole("replicas", replicas, 1, limits.maxReplicas(), "fresco.limits.max-replicas")
            .whole(
                "maxActivations",
                maxActivations,
                1,
                limits.maxMicrobatches(),
                "fresco.limits.max-microbatches");
    if (labels.size() > limits.maxTrainingLabels()) {
      checks.add(
          new FieldProblem(
              "labels",
              labels.size(),
              limits.maxTrainingLabels(),
              "are %d; the limit is %d (fresco.limits.max-training-labels)"
                  .formatted(labels.size(), limits.maxTrainingLabels())));
    }
    labels.forEach(
        (key, value) ->
            checks
                .text("labels key", key, LONGEST_LABEL_KEY)
                .required("labels." + key, value)
                .text("labels." + key, value, LONGEST_TEXT));
    checks.done();
  }

  /** The job that is asked for; nothing is wrong with it. */
  TrainingJob job(String id, String tenant, Instant createdAt) {
    return new TrainingJob(
        id,
        tenant,
        name,
        model,
        stages.intValueExact(),
        microbatches.intValueExact(),
        iterations.intValueExact(),
        labels,
        TrainingJob.State.CREATED,
        createdAt,
        null,
        kind,
        replicas == null ? null : replicas.intValueExact(),
        schedule,
        maxActivations == null ? null : maxActivations.intValueExact(),
        null);
  }
}
