package dev.fresco.benchmarks.engine;

import dev.fresco.benchmarks.table.TextTable;
import dev.fresco.benchmarks.table.TextTable.Column;
import dev.fresco.engine.batch.LocalModel;
import dev.fresco.engine.batch.ModelSettings;
import dev.fresco.engine.kernel.ComputeType;
import dev.fresco.engine.kernel.KernelLibrary;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Loads a model several times from a warm page cache, with PyTorch itself loaded before, and takes
 * two steps after each load: weights that are only mapped come into memory with the first.
 */
record LoadingBenchmark(Path folder, ModelSettings settings, Workload workload) {
  private static final int LOADS = 3;
  private static final double MEBIBYTE = 1 << 20;

  /** A row for each load. */
  List<String> lines() throws IOException {
    KernelLibrary.threads();
    warmPageCache();
    TextTable table =
        new TextTable(
            Column.right("load"),
            Column.right("time"),
            Column.right("processors"),
            Column.right("system's part"),
            Column.right("inside kernels"),
            Column.right("first step"),
            Column.right("next step"),
            Column.right("own memory before"),
            Column.right("when loaded"),
            Column.right("after a step"),
            Column.right("mapped files"),
            Column.right("peak"));
    for (int load = 1; load <= LOADS; load++) {
      load(table, load);
    }
    return table.lines();
  }

  private void load(TextTable table, int number) {
    ProcessFigures process = ProcessFigures.own();
    process.forgetPeak();
    Optional<Long> before = process.ownMemory();
    Optional<Double> processors = process.processorSeconds();
    Optional<Double> system = process.systemSeconds();
    long start = System.nanoTime();
    try (LocalModel model = LocalModel.load(folder, settings)) {
      double loading = (System.nanoTime() - start) * 1e-6;
      Optional<Long> loaded = process.ownMemory();
      Optional<Double> worked = difference(process.processorSeconds(), processors);
      Optional<Double> systemWorked = difference(process.systemSeconds(), system);
      double kernels = model.clock().nanoseconds() * 1e-6;
      ComputeType format = ComputeType.parse(settings.computeType(), false);
      try (FrescoContestant fresco = new FrescoContestant(model, format, workload)) {
        fresco.begin(1);
        long[] steps = fresco.turn(2).nanoseconds();
        table.add(
            Integer.toString(number),
            Words.milliseconds(loading),
            Words.number("%.2f s", worked),
            Words.number("%.2f s", systemWorked),
            Words.milliseconds(kernels),
            Words.milliseconds(steps[0] * 1e-6),
            Words.milliseconds(steps[1] * 1e-6),
            Words.mebibytes(before),
            Words.mebibytes(loaded),
            Words.mebibytes(process.ownMemory()),
            Words.mebibytes(process.mappedMemory()),
            Words.mebibytes(process.peakMemory()));
      }
    }
  }

  private static Optional<Double> difference(Optional<Double> after, Optional<Double> before) {
    return after.flatMap(later -> before.map(earlier -> later - earlier));
  }

  /** Of the weights' files, in MiB. */
  double weights() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      long bytes = 0;
      for (Path file : all.filter(each -> each.toString().endsWith(".safetensors")).toList()) {
        bytes += Files.size(file);
      }
      return bytes / MEBIBYTE;
    }
  }

  private void warmPageCache() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        try (InputStream bytes = Files.newInputStream(file)) {
          bytes.transferTo(OutputStream.nullOutputStream());
        }
      }
    }
  }
}
