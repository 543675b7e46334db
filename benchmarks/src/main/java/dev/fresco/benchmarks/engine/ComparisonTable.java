package dev.fresco.benchmarks.engine;

import dev.fresco.benchmarks.engine.SideBySide.Result;
import dev.fresco.benchmarks.rates.MachineRates;
import dev.fresco.benchmarks.table.TextTable;
import dev.fresco.benchmarks.table.TextTable.Column;
import java.util.ArrayList;
import java.util.List;

/**
 * Contestants beside each other, a row for each and batch, the first one being Fresco. A number
 * under "against Fresco" says how often Fresco does a step in the time of one of theirs.
 */
final class ComparisonTable {
  private final TextTable table =
      new TextTable(
          Column.right("batch"),
          Column.left("who"),
          Column.right("step, median"),
          Column.right("least"),
          Column.right("against Fresco, median"),
          Column.right("least"),
          Column.right("limit"),
          Column.right("of the limit"),
          Column.right("outside kernels"),
          Column.right("kernel calls"),
          Column.right("Java memory"),
          Column.right("page faults"),
          Column.right("peak memory"),
          Column.right("differs by"));
  private final List<String> failures = new ArrayList<>();

  void add(int batch, List<Result> results, MachineRates rates) {
    StepTimes fresco = times(batch, results.get(0).turn().orElseThrow());
    for (Result result : results) {
      result
          .turn()
          .ifPresentOrElse(
              turn -> add(result, turn, times(batch, turn), fresco, rates),
              () ->
                  failures.add(
                      "batch %d, %s: %s"
                          .formatted(
                              batch, result.contestant().name(), result.failure().orElseThrow())));
    }
  }

  private static StepTimes times(int batch, Turn turn) {
    return new StepTimes(batch, turn.nanoseconds());
  }

  private void add(
      Result result, Turn turn, StepTimes times, StepTimes fresco, MachineRates rates) {
    double limit = rates.limitMilliseconds(result.contestant().format());
    boolean itself = turn.inside().isPresent();
    table.add(
        Integer.toString(times.batch()),
        result.contestant().name(),
        Words.milliseconds(times.medianMilliseconds()),
        Words.milliseconds(times.leastMilliseconds()),
        itself ? "" : ratio(times.medianMilliseconds(), fresco.medianMilliseconds()),
        itself ? "" : ratio(times.leastMilliseconds(), fresco.leastMilliseconds()),
        Words.milliseconds(limit),
        Words.percent(limit / times.leastMilliseconds()),
        turn.outsideKernels().map(Words::percent).orElse(""),
        Words.number("%.0f", turn.kernelCalls()),
        Words.number("%.0f KiB", turn.javaBytes().map(bytes -> bytes / 1024)),
        Words.number("%.0f", turn.faultsPerStep()),
        Words.mebibytes(result.peakMemory()),
        itself ? "" : Words.number("%.1e", result.difference()));
  }

  private static String ratio(double theirs, double own) {
    return Words.number("%.2f", theirs / own);
  }

  /** The rows, then a line for each failure. */
  List<String> lines() {
    List<String> lines = new ArrayList<>(table.lines());
    lines.addAll(failures);
    return lines;
  }
}
