package dev.fresco.benchmarks.engine;

import dev.fresco.benchmarks.rates.MachineRates;
import dev.fresco.benchmarks.table.TextTable;
import dev.fresco.benchmarks.table.TextTable.Column;
import dev.fresco.engine.kernel.ComputeType;
import java.util.List;
import java.util.Optional;

/** Fresco's steps, a row for each batch. */
final class StepTable {
  private final TextTable table =
      new TextTable(
          Column.right("batch"),
          Column.right("step, median"),
          Column.right("least"),
          Column.right("most"),
          Column.right("per picture"),
          Column.right("of one by one"),
          Column.right("of the limit"),
          Column.right("outside kernels"),
          Column.right("kernel calls"),
          Column.right("Java memory"),
          Column.right("page faults"),
          Column.right("peak memory"));
  private final ComputeType format;
  private final boolean kernelsAlone;
  private Optional<StepTimes> alone = Optional.empty();

  /**
   * @param kernelsAlone whether no other thread uses the model, so that what its kernels did can be
   *     told
   */
  StepTable(ComputeType format, boolean kernelsAlone) {
    this.format = format;
    this.kernelsAlone = kernelsAlone;
  }

  void add(int batch, Turn turn, Optional<MachineRates> rates, Optional<Long> peakMemory) {
    StepTimes times = new StepTimes(batch, turn.nanoseconds());
    alone = alone.or(() -> Optional.of(times).filter(first -> batch == 1));
    table.add(
        Integer.toString(batch),
        Words.milliseconds(times.medianMilliseconds()),
        Words.milliseconds(times.leastMilliseconds()),
        Words.milliseconds(times.mostMilliseconds()),
        Words.milliseconds(times.medianMilliseconds() / batch),
        alone.map(one -> Words.number("%.2f", times.against(one))).orElse(""),
        rates
            .map(of -> Words.percent(of.limitMilliseconds(format) / times.leastMilliseconds()))
            .orElse(""),
        kernelsAlone ? turn.outsideKernels().map(Words::percent).orElse("") : "",
        kernelsAlone ? Words.number("%.0f", turn.kernelCalls()) : "",
        Words.number("%.0f KiB", turn.javaBytes().map(bytes -> bytes / 1024)),
        Words.number("%.0f", turn.faultsPerStep()),
        Words.mebibytes(peakMemory));
  }

  List<String> lines() {
    return table.lines();
  }
}
