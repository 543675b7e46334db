package dev.fresco.benchmarks.schedules;

import dev.fresco.benchmarks.OptionRange;
import dev.fresco.benchmarks.table.TextTable;
import dev.fresco.benchmarks.table.TextTable.Column;
import dev.fresco.planning.pipeline.RandomPipelines;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./fresco bench schedules}. */
@Command(
    name = "schedules",
    description = {
      "Compares adaptive schedules of random pipelines with slow links with the shortest ones, which",
      "an exact search finds, and measures how long planning takes."
    },
    mixinStandardHelpOptions = true)
public final class SchedulesCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--cases",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Small pipelines of each kind, 1 to 100000 (default: ${DEFAULT-VALUE}).")
  private int cases;

  @Option(
      names = "--large",
      paramLabel = "N",
      defaultValue = "100",
      description =
          "Pipelines of 16 stages and 64 microbatches, 1 to 10000 (default: ${DEFAULT-VALUE}).")
  private int large;

  @Override
  public Integer call() {
    OptionRange.requireWhole(spec, "--cases", cases, 1, 100_000);
    OptionRange.requireWhole(spec, "--large", large, 1, 10_000);
    PrintWriter out = spec.commandLine().getOut();
    PlanningTimes first = PlanningTimes.first();
    TextTable gaps =
        new TextTable(
            Column.left("pipelines"),
            Column.right("cases"),
            Column.left("schedule"),
            Column.right("longer, mean"),
            Column.right("P95"),
            Column.right("at most"),
            Column.right("not longer in"));
    add(gaps, "small", ScheduleGaps.toTheShortest(cases, RandomPipelines::small));
    add(
        gaps,
        "small, little memory",
        ScheduleGaps.toTheShortest(cases, RandomPipelines::smallWithLittleMemory));
    add(gaps, "large, to a bound", ScheduleGaps.toTheBound(large));
    gaps.lines().forEach(out::println);
    out.println();
    PlanningTimes.table(first, PlanningTimes.ofMany(large)).lines().forEach(out::println);
    out.flush();
    return 0;
  }

  private static void add(TextTable table, String name, ScheduleGaps gaps) {
    row(table, name, "Algorithm 2, or 1", gaps, gaps.planned());
    row(table, "", "search", gaps, gaps.searched());
  }

  private static void row(
      TextTable table, String name, String schedule, ScheduleGaps gaps, double[] longer) {
    table.add(
        name,
        name.isEmpty() ? "" : "%d of %d".formatted(longer.length, gaps.cases()),
        schedule,
        percent(ScheduleGaps.mean(longer)),
        percent(ScheduleGaps.quantile(longer, .95)),
        percent(ScheduleGaps.quantile(longer, 1)),
        Integer.toString(ScheduleGaps.optimal(longer)));
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f %%", 100 * share);
  }
}
