package dev.fresco.benchmarks.engine;

import dev.fresco.benchmarks.table.TextTable;
import dev.fresco.benchmarks.table.TextTable.Column;
import dev.fresco.engine.DecoderStatistics;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.Region;
import dev.fresco.engine.batch.LocalModel;
import java.util.List;
import java.util.Locale;

/**
 * Times what makes pictures of latents beside the steps: previews, whole pictures, and parts of
 * pictures as edits need them.
 *
 * @param latents {@code [channels, height, width]}
 * @param stepMilliseconds least time of a step of one picture
 */
record CodecBenchmark(LocalModel model, HostTensor latents, double stepMilliseconds) {
  private static final int TRIES = 5;
  private static final List<Double> MASKS = List.of(0.11, 0.2, 0.35, 1.0);

  List<String> lines() {
    TextTable table =
        new TextTable(
            Column.left("what"),
            Column.right("least time"),
            Column.right("of a step"),
            Column.right("faster than whole"));
    double fit = least(1, () -> model.preview(latents));
    double preview = least(20 * TRIES, () -> model.preview(latents));
    add(table, "preview, the first of a model", fit, 0);
    add(table, "preview", preview, 0);
    double whole = least(TRIES, () -> model.decode(latents));
    add(table, "whole picture", whole, 0);
    add(table, "statistics", least(1, () -> model.decoderStatistics(latents)), 0);
    DecoderStatistics statistics = model.decoderStatistics(latents);
    for (double mask : MASKS) {
      Region region = square(mask, (int) latents.shape()[1], (int) latents.shape()[2]);
      double part = least(TRIES, () -> model.decodeRegion(latents, region, statistics));
      add(
          table,
          "square of %d x %d of %d x %d latents"
              .formatted(region.height(), region.width(), latents.shape()[1], latents.shape()[2]),
          part,
          whole);
    }
    return table.lines();
  }

  private void add(TextTable table, String what, double milliseconds, double whole) {
    table.add(
        what,
        String.format(Locale.ROOT, "%.3f ms", milliseconds),
        Words.percent(milliseconds / stepMilliseconds),
        whole == 0 ? "" : Words.number("%.2f", whole / milliseconds));
  }

  /** In the middle, about as large as the share says. */
  private static Region square(double share, int height, int width) {
    int tall = (int) Math.max(1, Math.round(height * Math.sqrt(share)));
    int broad = (int) Math.max(1, Math.round(width * Math.sqrt(share)));
    return new Region((height - tall) / 2, (width - broad) / 2, tall, broad);
  }

  private static double least(int tries, Runnable work) {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < tries; i++) {
      long start = System.nanoTime();
      work.run();
      least = Math.min(least, System.nanoTime() - start);
    }
    return least * 1e-6;
  }
}
