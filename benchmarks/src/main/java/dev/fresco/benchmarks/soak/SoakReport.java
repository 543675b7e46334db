package dev.fresco.benchmarks.soak;

import java.io.PrintWriter;
import java.util.Locale;

/** What a soak prints while it runs. */
record SoakReport(PrintWriter out) {
  private static final String HEADER = "%9s %9s %9s %9s %9s %9s %13s %14s %13s %13s %9s %9s%n";
  private static final String LINE =
      "%9d %9d %9d %9d %9d %9d %9s MiB %10s MiB %9s MiB %9s MiB %9d %9d%n";

  void begin(String model, SoakAssets assets) {
    out.printf(
        "%s, %d adapters, %d ControlNets%n%n", model, assets.adapters(), assets.controlNets());
    if (!MemoryReading.heapIsFixed()) {
      out.printf(
          "The Java heap changes its size and is counted as native memory; FRESCO_JAVA_OPTIONS%n"
              + "with -Xms as -Xmx and -XX:+AlwaysPreTouch keeps it out.%n%n");
    }
    out.printf(
        HEADER,
        "requests",
        "finished",
        "cancelled",
        "failed",
        "refused",
        "steps",
        "native in use",
        "resident",
        "mapped files",
        "Java heap",
        "tensors",
        "values");
    out.flush();
  }

  void reading(SoakTally tally, MemoryReading memory) {
    out.printf(
        LINE,
        tally.ended(),
        tally.finished(),
        tally.cancelled(),
        tally.failed(),
        tally.refused(),
        tally.steps(),
        mebibytes(memory.inUseKib()),
        mebibytes(memory.residentKib()),
        mebibytes(memory.mappedKib()),
        mebibytes(memory.heapKib()),
        memory.tensors(),
        memory.values());
    out.flush();
  }

  void end(int every, SoakVerdict verdict) {
    out.printf(
        Locale.ROOT,
        "%nnative memory in use: %s MiB after %d requests, %s MiB at the end, %+.2f %%;%n"
            + "resident, with what the allocator keeps: %s MiB and %s MiB, %+.2f %%%n",
        mebibytes(verdict.early().inUseKib()),
        every,
        mebibytes(verdict.end().inUseKib()),
        100 * verdict.growth(),
        mebibytes(verdict.early().residentKib()),
        mebibytes(verdict.end().residentKib()),
        100 * verdict.residentGrowth());
    verdict.leaks().forEach(out::println);
    out.flush();
  }

  private static String mebibytes(long kib) {
    return String.format(Locale.ROOT, "%.1f", kib / 1024.0);
  }
}
