package dev.fresco.benchmarks.pipeline;

import dev.fresco.benchmarks.engine.Words;
import dev.fresco.benchmarks.table.TextTable;
import dev.fresco.benchmarks.table.TextTable.Column;
import dev.fresco.planning.pipeline.PipelinePlan;
import dev.fresco.trainer.run.IterationReport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What it costs to be ready while nothing is slow: three ways take turns in one run, all with the
 * same schedule.
 *
 * @param pipeline with healthy links
 */
record OverheadBenchmark(TrainedPipeline pipeline, int rounds, int measured) {
  private static final int DELEGATES = 4;

  /** Times whole iterations, from the end of one to the end of the next. */
  private static final class Timing implements Experiment {
    private final Turns turns;
    private final Controller controller;
    private final List<List<Double>> millis = new ArrayList<>();
    private long last;

    Timing(Turns turns, int plans, Controller controller) {
      this.turns = turns;
      this.controller = controller;
      for (int i = 0; i < plans; i++) {
        millis.add(new ArrayList<>());
      }
    }

    @Override
    public Optional<PipelinePlan> get() {
      return turns.get();
    }

    @Override
    public void iterated(IterationReport report) {
      int turn = turns.turn(report.iteration());
      if (turn > 0) {
        controller.observe(report);
      }
      long now = System.nanoTime();
      if (turns.isMeasured(report.iteration())) {
        millis.get(turn).add((now - last) / 1e6);
      }
      last = now;
    }

    double median(int turn) {
      double[] sorted = millis.get(turn).stream().mapToDouble(each -> each).toArray();
      Arrays.sort(sorted);
      return sorted[sorted.length / 2];
    }
  }

  List<String> lines() throws IOException, InterruptedException {
    int stages = pipeline.shape().stages().size();
    Controller controller = new Controller(stages, pipeline.shape().microbatches(), 1);
    PipelinePlan plain = controller.healthy();
    Map<Integer, Integer> delegates = new HashMap<>();
    for (int link = 0; link < stages - 1; link++) {
      delegates.put(link, DELEGATES);
    }
    List<PipelinePlan> plans =
        List.of(plain, plain, new PipelinePlan("delegated", plain.schedule(), delegates));
    Turns turns = new Turns(plans, rounds, measured);
    Timing timing = new Timing(turns, plans.size(), controller);
    pipeline.train(turns.iterations(), plain, timing);
    TextTable table =
        new TextTable(
            Column.left("iterations"), Column.right("median"), Column.right("against plain"));
    List<String> names =
        List.of("plain", "telemetry and detection", "and " + DELEGATES + " delegates on each link");
    for (int i = 0; i < names.size(); i++) {
      table.add(
          names.get(i),
          Words.number("%.2f ms", timing.median(i)),
          i == 0 ? "" : Words.number("%+.2f %%", 100 * (timing.median(i) / timing.median(0) - 1)));
    }
    return table.lines();
  }
}
