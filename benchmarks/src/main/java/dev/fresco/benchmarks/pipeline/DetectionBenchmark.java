package dev.fresco.benchmarks.pipeline;

import dev.fresco.benchmarks.engine.Words;
import dev.fresco.benchmarks.table.TextTable;
import dev.fresco.benchmarks.table.TextTable.Column;
import dev.fresco.contracts.training.TrainingDelay;
import dev.fresco.planning.pipeline.PipelinePlan;
import dev.fresco.trainer.link.LinkConditions;
import dev.fresco.trainer.run.Impairments;
import dev.fresco.trainer.run.IterationReport;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A run in which the first link becomes slow and heals, and nobody says so: the plans follow from
 * telemetry alone. Beside it, the same run that stays with its first plan.
 *
 * @param pipeline whose links are healthy at first
 * @param delay of the first link while it is slow
 */
record DetectionBenchmark(TrainedPipeline pipeline, Duration delay) {
  private static final int SLOW_FROM = 30;
  private static final int SLOW_UNTIL = 70;
  private static final int ITERATIONS = 110;

  /** What became of a run. */
  static final class Run implements Experiment {
    private final Controller controller;
    private final boolean follows;
    private final Duration delay;
    private final List<String> told = new ArrayList<>();
    private final List<Double> millis = new ArrayList<>();
    private Impairments impairments;
    private long asked;

    private Run(Controller controller, boolean follows, Duration delay) {
      this.controller = controller;
      this.follows = follows;
      this.delay = delay;
    }

    @Override
    public void begin(Impairments changeable) {
      impairments = changeable;
    }

    @Override
    public Optional<PipelinePlan> get() {
      long iteration = asked++;
      if (iteration == SLOW_FROM) {
        impairments.between(0, 1, LinkConditions.delayed(delay));
      } else if (iteration == SLOW_UNTIL) {
        impairments.between(0, 1, LinkConditions.HEALTHY);
      }
      return follows ? controller.from(iteration) : Optional.empty();
    }

    @Override
    public void iterated(IterationReport report) {
      millis.add(report.millis());
      if (follows) {
        int before = controller.delays().size();
        controller.observe(report);
        for (TrainingDelay seen : controller.delays().subList(before, controller.delays().size())) {
          told.add(
              "after iteration %d: %s, %s, takes %.2f ms instead of %.2f ms%s"
                  .formatted(
                      report.iteration(),
                      seen.place(),
                      seen.operation(),
                      seen.slowMillis(),
                      seen.healthyMillis(),
                      seen.end() == null ? "" : "; it is over"));
        }
      }
    }

    @Override
    public void planTaken(PipelinePlan plan, long iteration) {
      told.add(
          "from iteration %d: plan %s, delegates %s"
              .formatted(iteration, plan.name(), plan.delegatesByLink()));
    }

    /** By iteration. */
    List<Double> millis() {
      return millis;
    }

    /** What was found and done, in order. */
    List<String> told() {
      return told;
    }
  }

  Run run(boolean follows) throws IOException, InterruptedException {
    Controller controller =
        new Controller(
            pipeline.shape().stages().size(), pipeline.shape().microbatches(), ITERATIONS);
    Run run = new Run(controller, follows, delay);
    pipeline.train(ITERATIONS, controller.healthy(), run);
    return run;
  }

  static List<String> lines(Run following, Run staying) {
    TextTable table =
        new TextTable(Column.left("iterations"), Column.right("follows"), Column.right("stays"));
    int[][] spans = {
      {5, SLOW_FROM},
      {SLOW_FROM, SLOW_UNTIL},
      {SLOW_UNTIL - 20, SLOW_UNTIL},
      {ITERATIONS - 20, ITERATIONS}
    };
    for (int[] span : spans) {
      table.add(
          span[0] + " to " + (span[1] - 1),
          Words.milliseconds(mean(following.millis(), span)),
          Words.milliseconds(mean(staying.millis(), span)));
    }
    return table.lines();
  }

  private static double mean(List<Double> millis, int[] span) {
    return millis.subList(span[0], span[1]).stream()
        .mapToDouble(Double::doubleValue)
        .average()
        .orElseThrow();
  }
}
