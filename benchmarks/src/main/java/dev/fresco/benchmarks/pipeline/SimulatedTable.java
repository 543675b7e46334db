package dev.fresco.benchmarks.pipeline;

import dev.fresco.benchmarks.engine.Words;
import dev.fresco.benchmarks.table.TextTable;
import dev.fresco.benchmarks.table.TextTable.Column;
import dev.fresco.planning.pipeline.PipelineShape;
import dev.fresco.planning.pipeline.Schedule;
import dev.fresco.planning.pipeline.ScheduleSimulation;
import dev.fresco.planning.pipeline.Timeline;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The paper's cases in the simulator, beside the paper's figures. */
final class SimulatedTable {
  private static final int DRAWS = 200;
  private static final double MEAN_MILLIS = 30;
  private static final double DEVIATION_MILLIS = 10;

  private final double operationMillis;

  SimulatedTable(double operationMillis) {
    this.operationMillis = operationMillis;
  }

  /** What an iteration becomes; times are milliseconds. */
  Timeline timeline(SlowLinks slow, Way way) {
    PipelineShape shape = way.links(slow.shape(operationMillis));
    return ScheduleSimulation.run(way.schedule(shape), shape);
  }

  private double seconds(SlowLinks slow, Way way) {
    return timeline(slow, way).makespan() / 1000;
  }

  List<String> lines() {
    TextTable table =
        new TextTable(
            Column.left("model"),
            Column.left("slow links"),
            Column.right("1F1B"),
            Column.right("zero bubble"),
            Column.right("delegated"),
            Column.right("full"),
            Column.right("full/1F1B"),
            Column.right("full holds"),
            Column.right("paper: 1F1B"),
            Column.right("zero bubble"),
            Column.right("delegated"),
            Column.right("full"),
            Column.right("full/1F1B"));
    SlowLinks.healthyAndSlow().forEach(slow -> add(table, slow));
    return table.lines();
  }

  private void add(TextTable table, SlowLinks slow) {
    List<String> row = new ArrayList<>(List.of(slow.model(), slow.words()));
    for (Way way : Way.values()) {
      row.add(Words.number("%.2f", seconds(slow, way)));
    }
    row.add(
        Words.number(
            "%.2f", seconds(slow, Way.FULL) / seconds(slow, Way.ONE_FORWARD_ONE_BACKWARD)));
    row.add(Words.number("%.0f", timeline(slow, Way.FULL).peakActivations(0)));
    for (Way way : Way.values()) {
      row.add(Words.number("%.2f", slow.paper().map(paper -> paper.of(way))));
    }
    row.add(Words.number("%.2f", slow.paper().map(PaperFigures::fullShare)));
    table.add(row.toArray(String[]::new));
  }

  /**
   * The first link's delay is another in each iteration, normally distributed; the schedule is that
   * for the mean.
   */
  List<String> varying(long seed) {
    TextTable table =
        new TextTable(
            Column.left("model"),
            Column.left("way"),
            Column.right("mean"),
            Column.right("least"),
            Column.right("most"));
    for (SlowLinks slow : List.of(SlowLinks.ofThePaper().get(0), SlowLinks.ofThePaper().get(4))) {
      for (Way way : Way.values()) {
        double[] seconds =
            varying(slow, way, new Random(seed)).stream()
                .sorted()
                .mapToDouble(each -> each)
                .toArray();
        double sum = 0;
        for (double each : seconds) {
          sum += each;
        }
        table.add(
            slow.model(),
            way.words(),
            Words.number("%.2f", sum / seconds.length),
            Words.number("%.2f", seconds[0]),
            Words.number("%.2f", seconds[seconds.length - 1]));
      }
    }
    return table.lines();
  }

  private List<Double> varying(SlowLinks slow, Way way, Random random) {
    Schedule schedule = way.schedule(slow.withDelay(MEAN_MILLIS).shape(operationMillis));
    List<Double> seconds = new ArrayList<>();
    for (int i = 0; i < DRAWS; i++) {
      double delay = Math.max(0, MEAN_MILLIS + DEVIATION_MILLIS * random.nextGaussian());
      PipelineShape shape = way.links(slow.withDelay(delay).shape(operationMillis));
      seconds.add(ScheduleSimulation.run(schedule, shape).makespan() / 1000);
    }
    return seconds;
  }
}
