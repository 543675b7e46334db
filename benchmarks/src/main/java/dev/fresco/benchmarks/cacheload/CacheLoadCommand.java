package dev.fresco.benchmarks.cacheload;

import dev.fresco.benchmarks.OptionRange;
import dev.fresco.benchmarks.table.TextTable;
import dev.fresco.benchmarks.table.TextTable.Column;
import dev.fresco.planning.cacheload.ExactLoading;
import dev.fresco.planning.cacheload.GreedyLoading;
import dev.fresco.planning.cacheload.LoadPlan;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./fresco bench cacheload}. */
@Command(
    name = "cacheload",
    description = {
      "Compares plans for loading a recording beside the computing, in simulation:",
      "one after the other, all layers loaded, the greedy plan, the exact one, and no load at all."
    },
    mixinStandardHelpOptions = true)
public final class CacheLoadCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--layers",
      paramLabel = "N",
      defaultValue = "60",
      description = "Layers of a step, 1 to 1000 (default: ${DEFAULT-VALUE}).")
  private int layers;

  @Option(
      names = "--cases",
      paramLabel = "N",
      defaultValue = "500",
      description = "Random cases of each kind, 1 to 100000 (default: ${DEFAULT-VALUE}).")
  private int cases;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of the random cases (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Override
  public Integer call() {
    OptionRange.requireWhole(spec, "--layers", layers, 1, 1000);
    OptionRange.requireWhole(spec, "--cases", cases, 1, 100_000);
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%d layers, milliseconds%n%n", layers);
    named().lines().forEach(out::println);
    out.printf("%n%d random cases of each kind, seed %d%n%n", cases, seed);
    random().lines().forEach(out::println);
    out.flush();
    return 0;
  }

  private TextTable named() {
    TextTable table =
        new TextTable(
            Column.left("layers"),
            Column.right("dense"),
            Column.right("sequential"),
            Column.right("all loaded"),
            Column.right("greedy"),
            Column.right("exact"),
            Column.right("ideal"),
            Column.right("exact loads"));
    for (LoadingCase each :
        List.of(
            LoadingCase.ofThePaper(layers),
            LoadingCase.ofThePaperOnSlowStorage(layers),
            LoadingCase.unet(layers))) {
      LoadPlan exact = ExactLoading.plan(each.layers());
      table.add(
          each.name(),
          number("%.0f", each.denseMillis()),
          number("%.0f", each.sequentialMillis()),
          number("%.0f", LoadPlan.of(each.layers(), layer -> true).makespanMillis()),
          number("%.0f", GreedyLoading.plan(each.layers()).makespanMillis()),
          number("%.0f", exact.makespanMillis()),
          number("%.0f", each.idealMillis()),
          exact.loadedLayers() + " of " + layers);
    }
    return table;
  }

  private TextTable random() {
    TextTable table =
        new TextTable(
            Column.left("layers"),
            Column.right("greedy longer by"),
            Column.right("at most"),
            Column.right("greedy is exact in"),
            Column.right("exact plan found in"),
            Column.right("at most"));
    SplittableRandom random = new SplittableRandom(seed);
    for (RandomCases each :
        List.of(
            RandomCases.of(
                IntStream.range(0, cases)
                    .mapToObj(i -> LoadingCase.randomAlike(layers, random))
                    .toList()),
            RandomCases.of(
                IntStream.range(0, cases)
                    .mapToObj(i -> LoadingCase.randomMixed(layers, random))
                    .toList()))) {
      table.add(
          each.name(),
          number("%.1f %%", 100 * each.meanExcess()),
          number("%.1f %%", 100 * each.worstExcess()),
          number("%.0f %%", 100 * each.optimal()),
          number("%.0f us", each.medianMicros()),
          number("%.0f us", each.longestMicros()));
    }
    return table;
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
