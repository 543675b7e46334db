package dev.fresco.benchmarks.masked;

import dev.fresco.benchmarks.engine.StepTimes;
import dev.fresco.benchmarks.engine.Words;
import dev.fresco.benchmarks.masked.MaskedBenchmark.Result;
import dev.fresco.benchmarks.masked.MaskedBenchmark.Timed;
import dev.fresco.benchmarks.table.TextTable;
import dev.fresco.benchmarks.table.TextTable.Column;
import java.util.List;

/**
 * Edits beside the one in full. At best a step takes the mask's share of the time in full; "of the
 * limit" is how much of that speed-up was reached. Where other processes share the machine, the
 * processor's time tells more than the clock.
 */
final class MaskedTable {
  private MaskedTable() {}

  static List<String> lines(Result result) {
    TextTable table =
        new TextTable(
            Column.left("edit"),
            Column.right("mask"),
            Column.right("step, median"),
            Column.right("least"),
            Column.right("speed-up"),
            Column.right("of the limit"),
            Column.right("processor time, least"),
            Column.right("speed-up"),
            Column.right("of the limit"));
    for (Timed edit : result.edits()) {
      double clock = step(result.dense()).medianMilliseconds() / step(edit).medianMilliseconds();
      double work = work(result.dense()).leastMilliseconds() / work(edit).leastMilliseconds();
      table.add(
          edit.masked() ? "masked" : "in full",
          edit.masked() ? Words.number("%.3f", edit.mask()) : "",
          Words.milliseconds(step(edit).medianMilliseconds()),
          Words.milliseconds(step(edit).leastMilliseconds()),
          Words.number("%.2f", clock),
          edit.masked() ? Words.percent(clock * edit.mask()) : "",
          Words.milliseconds(work(edit).leastMilliseconds()),
          Words.number("%.2f", work),
          edit.masked() ? Words.percent(work * edit.mask()) : "");
    }
    return table.lines();
  }

  /** Ways to load, beside a step that loads nothing. */
  static List<String> loading(List<LoadingBenchmark.Timed> all) {
    TextTable table =
        new TextTable(
            Column.left("recording"),
            Column.right("step, median"),
            Column.right("least"),
            Column.right("over the limit"));
    double limit = all.get(0).times().medianMilliseconds();
    for (LoadingBenchmark.Timed timed : all) {
      StepTimes times = timed.times();
      table.add(
          timed.way().words(),
          Words.milliseconds(times.medianMilliseconds()),
          Words.milliseconds(times.leastMilliseconds()),
          Words.percent(times.medianMilliseconds() / limit - 1));
    }
    return table.lines();
  }

  private static StepTimes step(Timed edit) {
    return new StepTimes(1, edit.nanoseconds());
  }

  private static StepTimes work(Timed edit) {
    return new StepTimes(1, edit.processor());
  }
}
