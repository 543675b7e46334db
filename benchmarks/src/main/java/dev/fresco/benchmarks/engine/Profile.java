package dev.fresco.benchmarks.engine;

import dev.fresco.benchmarks.table.TextTable;
import dev.fresco.benchmarks.table.TextTable.Column;
import dev.fresco.engine.kernel.KernelClock;
import dev.fresco.engine.kernel.KernelClock.Total;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where the time of steps goes, kernel by kernel.
 *
 * @param before the clock when it began
 */
public record Profile(KernelClock clock, Map<String, Total> before) {
  private static final int SHOWN = 12;
  private static final Total NOTHING = new Total(0, 0);

  public static Profile begin(KernelClock clock) {
    return new Profile(clock, clock.byMethod());
  }

  /** The kernels that took most since the beginning, the most first. */
  public List<String> lines() {
    Map<String, Total> since = new TreeMap<>();
    clock
        .byMethod()
        .forEach(
            (method, total) ->
                since.put(method, total.since(before.getOrDefault(method, NOTHING))));
    double all = since.values().stream().mapToLong(Total::nanoseconds).sum();
    TextTable table =
        new TextTable(
            Column.left("kernel"),
            Column.right("calls"),
            Column.right("time"),
            Column.right("of all"));
    since.entrySet().stream()
        .filter(each -> each.getValue().calls() > 0)
        .sorted(Comparator.comparingLong(each -> -each.getValue().nanoseconds()))
        .limit(SHOWN)
        .forEach(
            each ->
                table.add(
                    each.getKey(),
                    Long.toString(each.getValue().calls()),
                    "%.1f ms".formatted(each.getValue().nanoseconds() / 1e6),
                    String.format(
                        Locale.ROOT, "%.1f %%", 100 * each.getValue().nanoseconds() / all)));
    return table.lines();
  }
}
