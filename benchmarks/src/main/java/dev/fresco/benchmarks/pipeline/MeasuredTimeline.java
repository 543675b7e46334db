package dev.fresco.benchmarks.pipeline;

import dev.fresco.planning.pipeline.Operation;
import dev.fresco.planning.pipeline.Operation.Kind;
import dev.fresco.planning.pipeline.PipelineShape;
import dev.fresco.planning.pipeline.Schedule;
import dev.fresco.planning.pipeline.Timeline;
import dev.fresco.trainer.run.IterationReport;
import dev.fresco.trainer.stage.OperationSample;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** An iteration of a training run as a timeline in milliseconds, from its first operation on. */
final class MeasuredTimeline {
  private MeasuredTimeline() {}

  /**
   * The timeline.
   *
   * @param report of a run with one replica
   * @param schedule that was in force
   */
  static Timeline of(IterationReport report, Schedule schedule, PipelineShape shape) {
    Instant start =
        report.stages().stream()
            .map(stage -> stage.operations().get(0).at())
            .min(Instant::compareTo)
            .orElseThrow();
    List<List<Timeline.Run>> stages = new ArrayList<>();
    for (int stage = 0; stage < schedule.stages().size(); stage++) {
      stages.add(
          runs(
              schedule.stages().get(stage),
              report.stages().get(stage).operations().iterator(),
              start));
    }
    return new Timeline(shape, schedule, stages);
  }

  /** A backward was timed as two operations. */
  private static List<Timeline.Run> runs(
      List<Operation> order, Iterator<OperationSample> samples, Instant start) {
    List<Timeline.Run> runs = new ArrayList<>();
    for (Operation operation : order) {
      OperationSample first = samples.next();
      OperationSample last = operation.kind() == Kind.BACKWARD ? samples.next() : first;
      runs.add(
          new Timeline.Run(
              operation, millis(start, first.at()), millis(start, last.at()) + last.millis()));
    }
    return runs;
  }

  private static double millis(Instant from, Instant to) {
    return Duration.between(from, to).toNanos() / 1e6;
  }
}
