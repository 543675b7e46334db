package dev.fresco.benchmarks.stragglers;

import dev.fresco.benchmarks.OptionRange;
import dev.fresco.benchmarks.table.TextTable;
import dev.fresco.benchmarks.table.TextTable.Column;
import dev.fresco.planning.straggler.DetectionScore;
import dev.fresco.planning.straggler.SyntheticTrace;
import dev.fresco.planning.straggler.SyntheticTrace.Scenario;
import java.io.PrintWriter;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./fresco bench stragglers}. */
@Command(
    name = "stragglers",
    description = {
      "Shows synthetic traces of training runs to the detector of slow stages and links, and tells",
      "what it finds, what it misses, and what it takes for slow that is not."
    },
    mixinStandardHelpOptions = true)
public final class StragglersCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--traces",
      paramLabel = "N",
      defaultValue = "1000",
      description =
          "Traces with delays, and as many quiet ones, 1 to 100000 (default: ${DEFAULT-VALUE}).")
  private int traces;

  @Override
  public Integer call() {
    OptionRange.requireWhole(spec, "--traces", traces, 1, 100_000);
    Map<Scenario, DetectionScore> scores = new EnumMap<>(Scenario.class);
    for (int seed = 0; seed < traces; seed++) {
      show(Scenario.ofTurn(seed), seed, scores);
      show(Scenario.QUIET, seed, scores);
    }
    DetectionScore all = new DetectionScore();
    TextTable table =
        new TextTable(
            Column.left("traces"),
            Column.right("iterations"),
            Column.right("delays"),
            Column.right("recall in 5 iterations"),
            Column.right("precision"),
            Column.right("false alarms in 10,000"),
            Column.right("lag, median"),
            Column.right("P99"),
            Column.right("healing seen in 5"),
            Column.right("error of the size, median"),
            Column.right("P98"));
    scores.forEach(
        (scenario, score) -> {
          add(table, scenario.words(), score);
          if (scenario != Scenario.QUIET) {
            all.add(score);
          }
        });
    add(table, "all with delays", all);
    PrintWriter out = spec.commandLine().getOut();
    table.lines().forEach(out::println);
    out.flush();
    return 0;
  }

  private static void show(Scenario scenario, int seed, Map<Scenario, DetectionScore> scores) {
    SyntheticTrace trace = new SyntheticTrace(scenario, seed);
    scores.computeIfAbsent(scenario, first -> new DetectionScore()).add(trace, trace.detector());
  }

  private static void add(TextTable table, String name, DetectionScore score) {
    boolean delays = score.delays() > 0;
    table.add(
        name,
        Long.toString(score.iterations()),
        delays ? Integer.toString(score.delays()) : "",
        delays ? number("%.4f", score.recall()) : "",
        delays ? number("%.4f", score.precision()) : "",
        number("%.2f", score.falseAlarmRate()),
        delays ? number("%.1f", score.lag(.5)) : "",
        delays ? number("%.1f", score.lag(.99)) : "",
        delays ? number("%.4f", score.healRecall()) : "",
        delays ? number("%.0f %%", 100 * score.sizeError(.5)) : "",
        delays ? number("%.0f %%", 100 * score.sizeError(.98)) : "");
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
