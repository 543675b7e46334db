package dev.fresco.training.runtime;

import dev.fresco.contracts.training.TrainingJob;
import dev.fresco.contracts.training.TrainingTelemetry;
import dev.fresco.planning.pipeline.Operation;
import dev.fresco.trainer.link.LinkSample;
import dev.fresco.trainer.run.IterationReport;
import dev.fresco.trainer.run.IterationReport.StageSamples;
import dev.fresco.trainer.stage.OperationSample;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a run reports of an iteration, as telemetry of its stages. */
final class StageTelemetry {
  private StageTelemetry() {}

  /** A record for each stage of each replica. */
  static List<TrainingTelemetry> of(TrainingJob job, IterationReport report) {
    return report.stages().stream().map(stage -> of(job, report, stage)).toList();
  }

  private static TrainingTelemetry of(TrainingJob job, IterationReport report, StageSamples stage) {
    double sum = stage.operations().stream().mapToDouble(OperationSample::millis).sum();
    Instant begin =
        stage.operations().stream()
            .map(OperationSample::at)
            .min(Instant::compareTo)
            .orElse(Instant.EPOCH);
    return new TrainingTelemetry(
        job.id(),
        begin,
        report.iteration(),
        stage.place().replica(),
        stage.place().stage(),
        // The steps of stages are not among their operations, and not in the same iteration.
        Math.max(sum, report.millis()),
        stage.place().stage() == job.stages() - 1 ? report.loss() : null,
        operations(stage.operations()),
        messages(job, stage));
  }

  private static List<TrainingTelemetry.Operations> operations(List<OperationSample> samples) {
    Map<TrainingTelemetry.Kind, List<Double>> millis = new EnumMap<>(TrainingTelemetry.Kind.class);
    for (OperationSample sample : samples) {
      millis
          .computeIfAbsent(kind(sample.operation().kind()), kind -> new ArrayList<>())
          .add(sample.millis());
    }
    List<TrainingTelemetry.Operations> operations = new ArrayList<>();
    millis.forEach((kind, times) -> operations.add(new TrainingTelemetry.Operations(kind, times)));
    return operations;
  }

  private static TrainingTelemetry.Kind kind(Operation.Kind kind) {
    return switch (kind) {
      case FORWARD -> TrainingTelemetry.Kind.F;
      case INPUT_GRADIENT -> TrainingTelemetry.Kind.B;
      case WEIGHT_GRADIENT -> TrainingTelemetry.Kind.W;
      case BACKWARD -> TrainingTelemetry.Kind.BW;
    };
  }

  /** Of the next and the previous stage; samples that came late are those of the last messages. */
  private static List<TrainingTelemetry.Messages> messages(TrainingJob job, StageSamples stage) {
    int here = stage.place().stage();
    int replica = stage.place().replica();
    List<TrainingTelemetry.Messages> messages = new ArrayList<>();
    byReceiver(stage.transfers())
        .forEach(
            (to, millis) -> {
              int from = Math.max(0, millis.size() - job.microbatches());
              messages.add(
                  new TrainingTelemetry.Messages(
                      to > here
                          ? TrainingTelemetry.MessageKind.ACTIVATION
                          : TrainingTelemetry.MessageKind.GRADIENT,
                      to,
                      replica,
                      millis.subList(from, millis.size())));
            });
    byReceiver(stage.replicaTransfers())
        .forEach(
            (other, millis) ->
                messages.add(
                    new TrainingTelemetry.Messages(
                        TrainingTelemetry.MessageKind.ALL_REDUCE,
                        here,
                        other,
                        List.of(
                            millis.stream()
                                .mapToDouble(Double::doubleValue)
                                .average()
                                .orElse(0)))));
    return messages;
  }

  private static Map<Integer, List<Double>> byReceiver(List<LinkSample> samples) {
    Map<Integer, List<Double>> millis = new TreeMap<>();
    for (LinkSample sample : samples) {
      millis.computeIfAbsent(sample.toStage(), to -> new ArrayList<>()).add(sample.millis());
    }
    return millis;
  }
}
