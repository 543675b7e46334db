package dev.fresco.benchmarks.pipeline;

import dev.fresco.benchmarks.engine.Words;
import dev.fresco.benchmarks.table.TextTable;
import dev.fresco.benchmarks.table.TextTable.Column;
import dev.fresco.planning.pipeline.PipelinePlan;
import dev.fresco.planning.pipeline.PipelineShape;
import dev.fresco.planning.pipeline.ScheduleSimulation;
import dev.fresco.planning.pipeline.Timeline;
import dev.fresco.trainer.run.IterationReport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Ways that were measured in training runs, beside the simulator and the paper. */
final class TrainedTable {
  private final TextTable table =
      new TextTable(
          Column.left("model"),
          Column.left("slow links"),
          Column.right("1F1B"),
          Column.right("zero bubble"),
          Column.right("delegated"),
          Column.right("full"),
          Column.right("full/1F1B"),
          Column.right("simulated"),
          Column.right("paper's"));

  private final int rounds;
  private final int measured;

  /**
   * @param rounds of each way
   * @param measured iterations of each way in a round
   */
  TrainedTable(int rounds, int measured) {
    this.rounds = rounds;
    this.measured = measured;
  }

  /**
   * Trains with each way in turn and adds the row.
   *
   * @return by way, its median iteration
   */
  Map<Way, Timeline> add(SlowLinks slow, TrainedPipeline pipeline)
      throws IOException, InterruptedException {
    List<PipelinePlan> plans = new ArrayList<>();
    for (Way way : Way.values()) {
      plans.add(pipeline.plan(way));
    }
    Turns turns = pipeline.measure(plans, rounds, measured);
    Map<Way, Timeline> timelines = new TreeMap<>();
    List<String> row = new ArrayList<>(List.of(slow.model(), slow.words()));
    for (Way way : Way.values()) {
      IterationReport median = median(turns.reports().get(way.ordinal()));
      row.add(Words.number("%.3f", median.millis() / 1000));
      timelines.put(
          way,
          MeasuredTimeline.of(
              median, plans.get(way.ordinal()).schedule(), way.links(pipeline.shape())));
    }
    double ours = median(turns.reports().get(Way.FULL.ordinal())).millis();
    double theirs = median(turns.reports().get(0)).millis();
    row.add(Words.number("%.2f", ours / theirs));
    row.add(Words.number("%.2f", simulatedShare(pipeline.shape())));
    row.add(Words.number("%.2f", slow.paper().map(PaperFigures::fullShare)));
    table.add(row.toArray(String[]::new));
    return timelines;
  }

  private static double simulatedShare(PipelineShape shape) {
    return simulated(shape, Way.FULL) / simulated(shape, Way.ONE_FORWARD_ONE_BACKWARD);
  }

  private static double simulated(PipelineShape shape, Way way) {
    return ScheduleSimulation.run(way.schedule(shape), way.links(shape)).makespan();
  }

  static IterationReport median(List<IterationReport> reports) {
    List<IterationReport> sorted =
        reports.stream().sorted(Comparator.comparingDouble(IterationReport::millis)).toList();
    return sorted.get(sorted.size() / 2);
  }

  List<String> lines() {
    return table.lines();
  }
}
