package dev.fresco.training.job;

import dev.fresco.contracts.training.TrainingJob;
import dev.fresco.contracts.training.TrainingKind;
import dev.fresco.contracts.training.TrainingSchedule;
import dev.fresco.contracts.training.TrainingSetup;
import dev.fresco.platform.web.FieldChecks;
import dev.fresco.platform.web.FieldProblem;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Pattern;

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
 * @param setup what Fresco is to train; null for {@code external}
 * @param publish where what was trained goes, or null
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
    BigDecimal maxActivations,
    SetupSpec setup,
    Publish publish) {
  private static final int LONGEST_TEXT = 200;
  private static final int LONGEST_LABEL_KEY = 63;

  public TrainingJobSpec {
    labels = labels == null ? Map.of() : labels;
    kind = kind == null ? TrainingKind.EXTERNAL : kind;
    if (kind == TrainingKind.LORA) {
      // It has no pipeline.
      stages = stages == null ? BigDecimal.ONE : stages;
      microbatches = microbatches == null ? BigDecimal.ONE : microbatches;
    }
  }

  /**
   * @param adapter name of a LoRA in lora-service
   * @param model name of a pipeline's model
   */
  public record Publish(String adapter, String model) {
    /** A folder's name. */
    private static final Pattern MODEL = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");

    private void check(TrainingKind kind, FieldChecks checks) {
      boolean isLora = kind == TrainingKind.LORA;
      onlyIf(kind != TrainingKind.EXTERNAL, "publish", "is for jobs that Fresco runs", checks);
      checks
          .required(isLora ? "publish.adapter" : "publish.model", isLora ? adapter : model)
          .text("publish.adapter", adapter, LONGEST_TEXT);
      onlyIf(isLora || adapter == null, "publish.adapter", "is for jobs of kind lora", checks);
      onlyIf(!isLora || model == null, "publish.model", "is not for jobs of kind lora", checks);
      if (model != null && !MODEL.matcher(model).matches()) {
        checks.add(
            new FieldProblem(
                "publish.model",
                model,
                MODEL.pattern(),
                "must begin with a small letter or digit and have at most 63 of these, '.', '_'"
                    + " and '-'"));
      }
    }

    private TrainingSetup.Publish publish() {
      return new TrainingSetup.Publish(adapter, model);
    }
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
    checkProduct(limits, checks);
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
    checkRun(checks);
    checks.done();
  }

  private void checkProduct(TrainingLimits limits, FieldChecks checks) {
    if (stages == null || microbatches == null) {
      return;
    }
    BigDecimal product = stages.multiply(microbatches);
    int most = limits.maxStageMicrobatches();
    boolean eachFits =
        stages.compareTo(BigDecimal.valueOf(limits.maxStages())) <= 0
            && microbatches.compareTo(BigDecimal.valueOf(limits.maxMicrobatches())) <= 0;
    if (eachFits && product.compareTo(BigDecimal.valueOf(most)) > 0) {
      checks.add(
          new FieldProblem(
              "microbatches",
              microbatches,
              most,
              "times stages are %s; the limit is %d (fresco.limits.max-stage-microbatches)"
                  .formatted(product.toPlainString(), most)));
    }
  }

  private void checkRun(FieldChecks checks) {
    if (publish != null) {
      publish.check(kind, checks);
    }
    if (kind == TrainingKind.EXTERNAL) {
      onlyIf(setup == null, "setup", "is for jobs that Fresco runs; this one is external", checks);
    } else {
      checks.required("setup", setup);
    }
    if (setup != null && kind != TrainingKind.EXTERNAL) {
      setup.check(kind, hosts(), checks);
    }
    boolean isLora = kind == TrainingKind.LORA;
    onlyIf(!isLora || hosts() == 1, "stages", "and replicas of a job of kind lora are 1", checks);
  }

  private static void onlyIf(boolean fits, String field, String message, FieldChecks checks) {
    if (!fits) {
      checks.add(new FieldProblem(field, null, null, message));
    }
  }

  /** Of all replicas; 1 where the numbers are wrong. */
  private int hosts() {
    BigDecimal all = stages == null ? BigDecimal.ONE : stages;
    all = replicas == null ? all : all.multiply(replicas);
    boolean fits = all.signum() > 0 && all.compareTo(BigDecimal.valueOf(1 << 20)) < 0;
    return fits ? all.intValue() : 1;
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
        null,
        setup == null ? null : setup.setup(kind, publish == null ? null : publish.publish()));
  }
}
