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
 * limit" is how much of that speed-up was reached.
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
            Column.right("speed-up, median"),
            Column.right("least"),
            Column.right("limit"),
            Column.right("of the limit"));
    StepTimes dense = times(result.dense());
    for (Timed edit : result.edits()) {
      StepTimes times = times(edit);
      double speedUp = dense.medianMilliseconds() / times.medianMilliseconds();
      table.add(
          edit.masked() ? "masked" : "in full",
          edit.masked() ? Words.number("%.3f", edit.mask()) : "",
          Words.milliseconds(times.medianMilliseconds()),
          Words.milliseconds(times.leastMilliseconds()),
          Words.number("%.2f", speedUp),
          Words.number("%.2f", dense.leastMilliseconds() / times.leastMilliseconds()),
          edit.masked() ? Words.number("%.2f", 1 / edit.mask()) : "",
          edit.masked() ? Words.percent(speedUp * edit.mask()) : "");
    }
    return table.lines();
  }

  private static StepTimes times(Timed edit) {
    return new StepTimes(1, edit.nanoseconds());
  }
}
