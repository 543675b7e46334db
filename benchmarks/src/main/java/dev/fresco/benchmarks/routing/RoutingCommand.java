package dev.fresco.benchmarks.routing;

import dev.fresco.benchmarks.OptionRange;
import dev.fresco.benchmarks.mask.MaskRatios;
import dev.fresco.benchmarks.table.TextTable;
import dev.fresco.benchmarks.table.TextTable.Column;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./fresco bench routing}. */
@Command(
    name = "routing",
    description = {
      "Compares the router's choice of a worker with simpler ones, in simulation:",
      "edits with the mask ratios of production come at random to workers that batch by steps."
    },
    mixinStandardHelpOptions = true)
public final class RoutingCommand implements Callable<Integer> {
  private static final int STEPS = 50;
  private static final int WARM_UP = 10;

  @Spec private CommandSpec spec;

  @Option(
      names = "--workers",
      paramLabel = "N,...",
      split = ",",
      defaultValue = "8,64",
      description = "How many workers (default: ${DEFAULT-VALUE}).")
  private List<Integer> workers;

  @Option(
      names = "--rates",
      paramLabel = "R,...",
      split = ",",
      defaultValue = "0.3,0.4,0.5",
      description = "Requests a second for each worker (default: ${DEFAULT-VALUE}).")
  private List<Double> rates;

  @Option(
      names = "--masks",
      paramLabel = "production|public|inpaint",
      defaultValue = "public",
      description = "Which mask ratios (default: ${DEFAULT-VALUE}).")
  private String masks;

  @Option(
      names = "--dense-step",
      paramLabel = "MS",
      defaultValue = "139",
      description = "Milliseconds of a step of one whole picture (default: ${DEFAULT-VALUE}).")
  private double denseMillis;

  @Option(
      names = "--constant",
      paramLabel = "SHARE",
      defaultValue = "0.3",
      description = "Of it, there whatever the batch, 0 to 1 (default: ${DEFAULT-VALUE}).")
  private double constant;

  @Option(
      names = "--loaded",
      paramLabel = "SHARE",
      defaultValue = "0.1",
      description = "Of it, what an edit of ratio 0 adds, 0 to 1 (default: ${DEFAULT-VALUE}).")
  private double loaded;

  @Option(
      names = "--templates",
      paramLabel = "N",
      defaultValue = "0",
      description = "Templates edited; 0: every worker has all recordings (default: 0).")
  private int templates;

  @Option(
      names = "--recordings",
      paramLabel = "N",
      defaultValue = "100",
      description = "Recordings that a worker keeps (default: ${DEFAULT-VALUE}).")
  private int recordings;

  @Option(
      names = "--fetch",
      paramLabel = "MS",
      defaultValue = "6400",
      description = "Until one that it does not have is there (default: ${DEFAULT-VALUE}).")
  private double fetchMillis;

  @Option(
      names = "--late",
      description =
          "Counting policies too wait until a worker has room, as the mask-aware one does.")
  private boolean late;

  @Option(
      names = "--requests",
      paramLabel = "N",
      defaultValue = "500",
      description = "Requests for each worker and seed (default: ${DEFAULT-VALUE}).")
  private int requests;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "3",
      description = "Runs, taken together; seeds 1 to N (default: ${DEFAULT-VALUE}).")
  private int seeds;

  @Override
  public Integer call() {
    validate();
    MaskRatios ratios = MaskRatios.named(masks);
    Machine machine = Machine.of(denseMillis, constant, loaded, recordings, fetchMillis);
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "mask ratios: %s, mean %.3f; %d steps; a dense step %.0f ms, at ratio .2 faster by %.2f%n",
        ratios.name(),
        ratios.mean(),
        STEPS,
        denseMillis,
        machine.speedUp(.2));
    if (templates > 0) {
      out.printf(
          Locale.ROOT,
          "%d templates, %d recordings a worker, %.1f s to fetch one%n",
          templates,
          recordings,
          fetchMillis / 1000);
    }
    out.println();
    TextTable table =
        new TextTable(
            Column.right("workers"),
            Column.right("rate"),
            Column.left("policy"),
            Column.right("P50"),
            Column.right("P95"),
            Column.right("mean"),
            Column.right("mask-aware P95 is"),
            Column.right("to choose"),
            Column.right("R^2"));
    for (int count : workers) {
      for (double rate : rates) {
        add(table, new Workload(ratios, count, rate, requests * count, STEPS, templates), machine);
      }
    }
    table.lines().forEach(out::println);
    out.flush();
    return 0;
  }

  private void add(TextTable table, Workload workload, Machine machine) {
    List<PolicyResult> results = new ArrayList<>();
    for (int i = 0; i < Policies.all(machine, late).size(); i++) {
      int index = i;
      results.add(
          PolicyResult.of(
              () -> Policies.all(machine, late).get(index), workload, machine, WARM_UP, seeds));
    }
    double ours = results.get(results.size() - 1).latencies().quantile(.95);
    for (PolicyResult result : results) {
      double theirs = result.latencies().quantile(.95);
      table.add(
          Integer.toString(workload.workers()),
          number("%.2f", workload.perSecond()),
          result.policy(),
          number("%.2f s", result.latencies().quantile(.5)),
          number("%.2f s", theirs),
          number("%.2f s", result.latencies().mean()),
          theirs == ours ? "" : number("%+.1f %%", 100 * (ours / theirs - 1)),
          number("%.0f us", result.choosingMicros()),
          number("%.3f", result.rSquared()));
    }
  }

  private void validate() {
    workers.forEach(count -> OptionRange.require(spec, "--workers", count, 1, 1000));
    rates.forEach(rate -> OptionRange.require(spec, "--rates", rate, 1e-3, 1000));
    OptionRange.require(spec, "--dense-step", denseMillis, 1e-3, 1e6);
    OptionRange.require(spec, "--constant", constant, 0, 1);
    OptionRange.require(spec, "--loaded", loaded, 0, 1);
    OptionRange.require(spec, "--templates", templates, 0, 100_000);
    OptionRange.require(spec, "--recordings", recordings, 1, 100_000);
    OptionRange.require(spec, "--fetch", fetchMillis, 0, 1e7);
    // More than the warm-up, whatever the number of workers.
    OptionRange.require(spec, "--requests", requests, WARM_UP + 1, 1_000_000);
    OptionRange.require(spec, "--seeds", seeds, 1, 1000);
    if (!List.of("production", "public", "inpaint").contains(masks)) {
      throw new ParameterException(
          spec.commandLine(), "--masks is " + masks + "; it is production, public or inpaint");
    }
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
