package dev.fresco.benchmarks.pipeline;

import dev.fresco.contracts.training.TrainingDelay;
import dev.fresco.contracts.training.TrainingJob;
import dev.fresco.contracts.training.TrainingPlan;
import dev.fresco.contracts.training.TrainingTelemetry;
import dev.fresco.planning.pipeline.Operation.Kind;
import dev.fresco.planning.pipeline.PipelinePlan;
import dev.fresco.planning.training.HealthySchedule;
import dev.fresco.planning.training.PipelineWatch;
import dev.fresco.planning.training.ScheduleText;
import dev.fresco.trainer.link.LinkSample;
import dev.fresco.trainer.link.MessageKind;
import dev.fresco.trainer.run.IterationReport;
import dev.fresco.trainer.run.IterationReport.StageSamples;
import dev.fresco.trainer.stage.OperationSample;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/**
 * What training-service does with a run's reports: telemetry as JSON, read again, watched by {@link
 * PipelineWatch}, and its plans. Kafka is left out.
 */
final class Controller {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final TrainingJob job;
  private final PipelineWatch watch;
  private final List<TrainingDelay> delays = new ArrayList<>();
  private Optional<TrainingPlan> next = Optional.empty();

  Controller(int stages, int microbatches, int iterations) {
    job =
        new TrainingJob(
            "bench",
            "bench",
            "bench",
            "light",
            stages,
            microbatches,
            iterations,
            Map.of(),
            TrainingJob.State.RUNNING,
            Instant.now(),
            null,
            null,
            1,
            null,
            null,
            null,
            null);
    watch = new PipelineWatch(job, HealthySchedule.firstPlan(job));
  }

  /** The plan while nothing is known to be slow. */
  PipelinePlan healthy() {
    return plan(HealthySchedule.firstPlan(job));
  }

  /** Takes the telemetry of an iteration. */
  void observe(IterationReport report) {
    for (StageSamples stage : report.stages()) {
      byte[] event = JSON.writeValueAsBytes(telemetry(report, stage));
      PipelineWatch.Observation seen =
          watch.observe(JSON.readValue(event, TrainingTelemetry.class), Instant.now());
      delays.addAll(seen.delays());
      seen.plan().ifPresent(plan -> next = Optional.of(plan));
    }
  }

  /** The plan that is to take over at an iteration, told once. */
  Optional<PipelinePlan> from(long iteration) {
    if (next.isEmpty() || next.get().fromIteration() > iteration) {
      return Optional.empty();
    }
    PipelinePlan plan = plan(next.get());
    next = Optional.empty();
    return Optional.of(plan);
  }

  /** All that began, changed its size or ended. */
  List<TrainingDelay> delays() {
    return delays;
  }

  private PipelinePlan plan(TrainingPlan plan) {
    Map<Integer, Integer> delegates = new HashMap<>();
    for (int link = 0; link < plan.delegates().size(); link++) {
      if (plan.delegates().get(link) > 0) {
        delegates.put(link, plan.delegates().get(link));
      }
    }
    return new PipelinePlan(
        plan.name(), ScheduleText.read(job.microbatches(), plan.stages()), delegates);
  }

  private TrainingTelemetry telemetry(IterationReport report, StageSamples stage) {
    List<OperationSample> operations = stage.operations();
    OperationSample last = operations.get(operations.size() - 1);
    Instant begin = operations.get(0).at();
    double millis = Duration.between(begin, last.at()).toNanos() / 1e6 + last.millis();
    boolean lastStage = stage.place().stage() == job.stages() - 1;
    return new TrainingTelemetry(
        job.id(),
        begin,
        report.iteration(),
        0,
        stage.place().stage(),
        millis,
        lastStage ? report.loss() : null,
        List.of(
            operations(operations, Kind.FORWARD, TrainingTelemetry.Kind.F),
            operations(operations, Kind.INPUT_GRADIENT, TrainingTelemetry.Kind.B),
            operations(operations, Kind.WEIGHT_GRADIENT, TrainingTelemetry.Kind.W)),
        messages(stage));
  }

  private static TrainingTelemetry.Operations operations(
      List<OperationSample> samples, Kind kind, TrainingTelemetry.Kind name) {
    return new TrainingTelemetry.Operations(
        name,
        samples.stream()
            .filter(sample -> sample.operation().kind() == kind)
            .map(OperationSample::millis)
            .toList());
  }

  private static List<TrainingTelemetry.Messages> messages(StageSamples stage) {
    List<TrainingTelemetry.Messages> messages = new ArrayList<>();
    for (MessageKind kind : MessageKind.values()) {
      List<LinkSample> samples =
          stage.transfers().stream().filter(sample -> sample.kind() == kind).toList();
      if (!samples.isEmpty()) {
        messages.add(
            new TrainingTelemetry.Messages(
                kind == MessageKind.ACTIVATION
                    ? TrainingTelemetry.MessageKind.ACTIVATION
                    : TrainingTelemetry.MessageKind.GRADIENT,
                samples.get(0).toStage(),
                0,
                samples.stream().map(LinkSample::millis).toList()));
      }
    }
    return messages;
  }
}
