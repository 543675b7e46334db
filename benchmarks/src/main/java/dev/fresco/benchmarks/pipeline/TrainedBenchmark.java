package dev.fresco.benchmarks.pipeline;

import dev.fresco.planning.pipeline.Operation.Kind;
import dev.fresco.planning.pipeline.PipelinePlan;
import dev.fresco.planning.pipeline.PipelineShape;
import dev.fresco.planning.pipeline.StageCost;
import dev.fresco.planning.pipeline.Timeline;
import dev.fresco.trainer.link.DelayTrace;
import dev.fresco.trainer.run.IterationReport;
import dev.fresco.trainer.run.IterationReport.StageSamples;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The cases of the paper in training runs on this machine.
 *
 * <p>Operations are real, and held for as long as one of the paper's took, as each stage would have
 * a device of its own; without that they take as long as they take, and delays are as much longer
 * or shorter than the paper's.
 *
 * @param pace what operations are held for; zero for as fast as they go
 */
record TrainedBenchmark(Duration pace, int rounds, int measured, PrintWriter progress) {
  private static final int ITERATIONS_TO_KNOW_TIMES = 8;

  /** What became of a case. */
  interface Drawing {
    void draw(SlowLinks slow, Map<Way, Timeline> timelines) throws IOException;
  }

  /** Measures cases and prints each when it is done; the lines of the whole table. */
  List<String> run(List<SlowLinks> cases, Drawing drawing)
      throws IOException, InterruptedException {
    TrainedTable table = new TrainedTable(rounds, measured);
    for (SlowLinks slow : cases) {
      progress.printf("%s, %s ...%n", slow.model(), slow.words());
      progress.flush();
      drawing.draw(slow, table.add(slow, pipeline(slow)));
    }
    return table.lines();
  }

  /** Measures the smaller model with delays of the first link that change; the table's lines. */
  List<String> run(DelayTrace delays) throws IOException, InterruptedException {
    SlowLinks slow = SlowLinks.ofThePaper().get(0).withDelay(delays.meanMillis());
    TrainedPipeline constant = pipeline(slow);
    double scale = constant.shape().links().get(0).delay() / delays.meanMillis();
    TrainedTable table = new TrainedTable(rounds, measured);
    table.add(
        slow,
        new TrainedPipeline(
            constant.model(), constant.shape(), constant.pace(), Optional.of(delays.times(scale))));
    return table.lines();
  }

  /** What a case is measured on. */
  TrainedPipeline pipeline(SlowLinks slow) throws IOException, InterruptedException {
    if (pace.isZero()) {
      return asFastAsItGoes(slow);
    }
    double millis = pace.toNanos() / 1e6;
    PipelineShape shape =
        PipelineShape.uniform(
            slow.stages(), slow.microbatches(), StageCost.of(millis, millis, millis));
    return new TrainedPipeline(TrainedModel.light(slow.stages()), slow.slow(shape, millis), pace);
  }

  /** Its operations' times are looked up in a run without slow links. */
  private TrainedPipeline asFastAsItGoes(SlowLinks slow) throws IOException, InterruptedException {
    TrainedModel model = TrainedModel.heavy(slow.stages());
    PipelineShape unknown =
        PipelineShape.uniform(slow.stages(), slow.microbatches(), StageCost.of(1, 1, 1));
    TrainedPipeline healthy = new TrainedPipeline(model, unknown, Duration.ZERO);
    PipelinePlan plan = healthy.plan(Way.ONE_FORWARD_ONE_BACKWARD);
    Turns turns = healthy.measure(List.of(plan), 1, ITERATIONS_TO_KNOW_TIMES);
    List<IterationReport> reports = turns.reports().get(0);
    List<StageCost> costs = new ArrayList<>();
    double sum = 0;
    for (int stage = 0; stage < slow.stages(); stage++) {
      StageCost cost =
          StageCost.of(
              median(reports, stage, Kind.FORWARD),
              median(reports, stage, Kind.INPUT_GRADIENT),
              median(reports, stage, Kind.WEIGHT_GRADIENT));
      progress.printf(
          "stage %d: forward %.2f ms, input gradient %.2f ms, weight gradient %.2f ms%n",
          stage, cost.forward(), cost.inputGradient(), cost.weightGradient());
      costs.add(cost);
      sum += cost.total();
    }
    PipelineShape shape = new PipelineShape(slow.microbatches(), costs, unknown.links());
    return new TrainedPipeline(model, slow.slow(shape, sum / (3 * slow.stages())), Duration.ZERO);
  }

  private static double median(List<IterationReport> reports, int stage, Kind kind) {
    double[] millis =
        reports.stream()
            .map(report -> report.stages().get(stage))
            .map(StageSamples::operations)
            .flatMap(List::stream)
            .filter(sample -> sample.operation().kind() == kind)
            .mapToDouble(sample -> sample.millis())
            .toArray();
    Arrays.sort(millis);
    return millis[millis.length / 2];
  }
}
