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

  /** Ways to load, beside an edit that loads nothing. */
  static List<String> loading(List<LoadingBenchmark.Storage> storages) {
    TextTable table =
        new TextTable(
            Column.right("storage"),
            Column.left("recording"),
            Column.right("steps loaded"),
            Column.right("the edit"),
            Column.right("against no loading"));
    for (LoadingBenchmark.Storage storage : storages) {
      List<LoadingBenchmark.Timed> ways = storage.ways();
      double ideal = ways.get(ways.size() - 1).millis();
      for (LoadingBenchmark.Timed timed : ways) {
        table.add(
            Words.number("%.0f MiB/s", storage.bytesPerSecond() / (1 << 20)),
            timed.way(),
            Integer.toString(timed.loadedSteps()),
            Words.number("%.0f ms", timed.millis()),
            Words.number("%.2f", timed.millis() / ideal));
      }
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
