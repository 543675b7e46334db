package dev.fresco.trainer.run;

import dev.fresco.engine.training.GradientClipping;
import dev.fresco.trainer.run.IterationReport.StageSamples;
import dev.fresco.trainer.spec.TrainingSpec;
import dev.fresco.trainer.stage.OperationSample;
import dev.fresco.trainer.stage.StageAnswer.Computed;
import dev.fresco.trainer.stage.StagePlace;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What all stages have computed in an iteration, put together. */
final class IterationResult {
  private final TrainingSpec spec;
  private final Map<StagePlace, Computed> stages;

  IterationResult(TrainingSpec spec, Map<StagePlace, Computed> stages) {
    this.spec = spec;
    this.stages = stages;
  }

  /** In the order of replicas and microbatches, so that it does not depend on the schedule. */
  double loss() {
    double sum = 0;
    for (Computed stage : stages.values()) {
      for (double loss : stage.losses().values()) {
        sum += loss;
      }
    }
    return sum / spec.pipeline().batch();
  }

  /** By piece; all replicas hold the same sums, so one of them tells. */
  private double[] squaredNorms() {
    SortedMap<Integer, Double> norms = new TreeMap<>();
    stages.forEach(
        (place, stage) -> {
          if (place.replica() == 0) {
            norms.putAll(stage.squaredNorms());
          }
        });
    return norms.values().stream().mapToDouble(Double::doubleValue).toArray();
  }

  double gradientNorm() {
    return GradientClipping.meanNorm(squaredNorms(), spec.pipeline().batch());
  }

  /** What to multiply the sums by. */
  double scale() {
    return GradientClipping.scale(
        squaredNorms(), spec.pipeline().batch(), spec.optimiser().gradientLimit());
  }

  /** Why there must be no step with it. */
  Optional<String> notFinite() {
    if (!Double.isFinite(loss())) {
      return Optional.of("the loss is " + loss());
    }
    return Double.isFinite(gradientNorm())
        ? Optional.empty()
        : Optional.of("the norm of the gradient is " + gradientNorm());
  }

  double bubbleRatio() {
    double longest = 0;
    double busiest = 0;
    for (Computed stage : stages.values()) {
      longest = Math.max(longest, span(stage.operations()));
      busiest =
          Math.max(busiest, stage.operations().stream().mapToDouble(OperationSample::millis).sum());
    }
    return longest == 0 ? 0 : Math.max(0, 1 - busiest / longest);
  }

  private static double span(List<OperationSample> operations) {
    if (operations.isEmpty()) {
      return 0;
    }
    Instant start = operations.get(0).at();
    OperationSample last = operations.get(operations.size() - 1);
    return Duration.between(start, last.at()).toNanos() / 1e6 + last.millis();
  }

  IterationReport report(long iteration, double millis, String plan) {
    List<StageSamples> samples =
        stages.entrySet().stream()
            .map(
                stage ->
                    new StageSamples(
                        stage.getKey(),
                        stage.getValue().operations(),
                        stage.getValue().transfers(),
                        stage.getValue().replicaTransfers()))
            .toList();
    return new IterationReport(
        iteration, loss(), gradientNorm(), millis, plan, bubbleRatio(), samples);
  }
}
