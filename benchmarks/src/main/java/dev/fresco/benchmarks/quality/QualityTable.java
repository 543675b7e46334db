package dev.fresco.benchmarks.quality;

import dev.fresco.benchmarks.mask.PixelMask;
import dev.fresco.benchmarks.quality.Editor.Result;
import dev.fresco.benchmarks.table.TextTable;
import dev.fresco.benchmarks.table.TextTable.Column;
import dev.fresco.engine.Picture;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** How near the cheaper ways come to edits in full, over all edits. */
final class QualityTable {
  /** What is left as it was, which is how much there is to lose. */
  private static final String TEMPLATE = "template as it is";

  private final Map<String, List<Distance>> distances = new LinkedHashMap<>();

  /**
   * Of one picture from the edit in full.
   *
   * @param cost share of the edit in full
   * @param whole SSIM
   * @param inside the mask, SSIM
   * @param noise PSNR
   * @param noiseInside the mask, PSNR
   */
  private record Distance(
      double cost, double whole, double inside, double noise, double noiseInside) {}

  void add(PixelMask mask, Result result) {
    result
        .made()
        .forEach(
            (way, made) -> add(way.toString(), mask, made.picture(), result.full(), made.cost()));
    add(TEMPLATE, mask, result.template(), result.full(), 0);
  }

  private void add(String way, PixelMask mask, Picture made, Picture full, double cost) {
    distances
        .computeIfAbsent(way, unseen -> new ArrayList<>())
        .add(
            new Distance(
                cost,
                StructuralSimilarity.of(made, full),
                StructuralSimilarity.within(mask, made, full),
                SignalToNoise.of(made, full),
                SignalToNoise.within(mask, made, full)));
  }

  List<String> lines() {
    TextTable table =
        new TextTable(
            Column.left("edit"),
            Column.right("edits"),
            Column.right("work"),
            Column.right("SSIM"),
            Column.right("least"),
            Column.right("inside the mask"),
            Column.right("least"),
            Column.right("PSNR, median"),
            Column.right("inside the mask"));
    distances.forEach(
        (way, all) ->
            table.add(
                way,
                Integer.toString(all.size()),
                percent(mean(all, Distance::cost)),
                number("%.3f", mean(all, Distance::whole)),
                number("%.3f", least(all, Distance::whole)),
                number("%.3f", mean(all, Distance::inside)),
                number("%.3f", least(all, Distance::inside)),
                number("%.1f dB", median(all, Distance::noise)),
                number("%.1f dB", median(all, Distance::noiseInside))));
    return table.lines();
  }

  private static double mean(List<Distance> all, ToDoubleFunction<Distance> of) {
    return all.stream().mapToDouble(of).average().orElseThrow();
  }

  private static double least(List<Distance> all, ToDoubleFunction<Distance> of) {
    return all.stream().mapToDouble(of).min().orElseThrow();
  }

  private static double median(List<Distance> all, ToDoubleFunction<Distance> of) {
    return all.stream().mapToDouble(of).sorted().skip(all.size() / 2).findFirst().orElseThrow();
  }

  private static String percent(double share) {
    return number("%.0f %%", 100 * share);
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
