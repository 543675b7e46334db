package dev.fresco.benchmarks.schedules;

import dev.fresco.benchmarks.table.TextTable;
import dev.fresco.benchmarks.table.TextTable.Column;
import dev.fresco.planning.pipeline.AdaptiveSearch;
import dev.fresco.planning.pipeline.PipelineShape;
import dev.fresco.planning.pipeline.RandomPipelines;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;

/**
 * Processor time that schedules of 16 stages and 64 microbatches took to be found.
 *
 * @param millis from the least to the most
 */
record PlanningTimes(double[] millis) {
  /** Of the first one in this process, before its code is compiled. */
  static PlanningTimes first() {
    return new PlanningTimes(new double[] {millis(new Random(-1))});
  }

  /** Of many, after as many to warm up, twice. */
  static PlanningTimes ofMany(int cases) {
    double[] millis = new double[cases];
    for (int round = 0; round < 3; round++) {
      for (int seed = 0; seed < cases; seed++) {
        millis[seed] = millis(new Random(seed));
      }
    }
    Arrays.sort(millis);
    return new PlanningTimes(millis);
  }

  private static double millis(Random random) {
    PipelineShape shape = RandomPipelines.large(random);
    long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    AdaptiveSearch.schedule(shape);
    return (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before) / 1e6;
  }

  static TextTable table(PlanningTimes first, PlanningTimes many) {
    TextTable table =
        new TextTable(
            Column.left("processor time of a search, 16 stages, 64 microbatches"),
            Column.right("median"),
            Column.right("P99"));
    table.add("the first in a process", first.text(.5), "");
    table.add("later ones", many.text(.5), many.text(.99));
    return table;
  }

  private String text(double share) {
    return String.format(Locale.ROOT, "%.2f ms", ScheduleGaps.quantile(millis, share));
  }
}
