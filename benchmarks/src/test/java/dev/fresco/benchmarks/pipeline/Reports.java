package dev.fresco.benchmarks.pipeline;

import dev.fresco.planning.pipeline.Operation;
import dev.fresco.planning.pipeline.Operation.Kind;
import dev.fresco.planning.pipeline.Schedule;
import dev.fresco.trainer.link.LinkSample;
import dev.fresco.trainer.link.MessageKind;
import dev.fresco.trainer.run.IterationReport;
import dev.fresco.trainer.run.IterationReport.StageSamples;
import dev.fresco.trainer.stage.OperationSample;
import dev.fresco.trainer.stage.StagePlace;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Iterations that nobody ran: each stage computes one operation after the other, without waits. */
final class Reports {
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final long ITERATION_MILLIS = 1000;

  private Reports() {}

  /**
   * An iteration, a second after the one before.
   *
   * @param operationMillis of each
   * @param messageMillis on the first link; on others .2
   */
  static IterationReport of(
      long iteration, Schedule schedule, long operationMillis, double messageMillis) {
    List<StageSamples> stages = new ArrayList<>();
    int last = schedule.stages().size() - 1;
    Instant start = START.plusMillis(iteration * ITERATION_MILLIS);
    for (int stage = 0; stage <= last; stage++) {
      List<OperationSample> operations = new ArrayList<>();
      List<LinkSample> transfers = new ArrayList<>();
      Instant now = start;
      for (Operation operation : schedule.stages().get(stage)) {
        for (Kind kind : parts(operation.kind())) {
          Operation part = new Operation(kind, operation.microbatch(), operation.chunk());
          operations.add(new OperationSample(part, now, operationMillis));
          now = now.plusMillis(operationMillis);
          boolean down = kind == Kind.FORWARD && stage < last;
          boolean up = kind == Kind.INPUT_GRADIENT && stage > 0;
          if (down || up) {
            int to = down ? stage + 1 : stage - 1;
            transfers.add(
                new LinkSample(
                    to,
                    down ? MessageKind.ACTIVATION : MessageKind.GRADIENT,
                    now,
                    Math.min(stage, to) == 0 ? messageMillis : .2));
          }
        }
      }
      stages.add(new StageSamples(new StagePlace(0, stage), operations, transfers, List.of()));
    }
    return new IterationReport(iteration, 1, 1, ITERATION_MILLIS, "any", 0, stages);
  }

  private static List<Kind> parts(Kind kind) {
    return kind == Kind.BACKWARD
        ? List.of(Kind.INPUT_GRADIENT, Kind.WEIGHT_GRADIENT)
        : List.of(kind);
  }
}
