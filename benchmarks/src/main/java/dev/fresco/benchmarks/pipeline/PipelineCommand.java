package dev.fresco.benchmarks.pipeline;

import dev.fresco.planning.pipeline.TimelineSvg;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./fresco bench pipeline}. */
@Command(
    name = "pipeline",
    description = {
      "Compares ways to run a training pipeline with slow links:",
      "1F1B, zero bubble, delegated sends, and delegated sends with an adapted schedule."
    },
    mixinStandardHelpOptions = true)
public final class PipelineCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--simulate",
      required = true,
      description = "In the simulator, beside the figures of Adaptra's paper.")
  private boolean simulate;

  @Option(
      names = "--operation",
      paramLabel = "MS",
      defaultValue = "" + SlowLinks.OPERATION_MILLIS,
      description = "Milliseconds of each operation, .1 to 1000 (default: ${DEFAULT-VALUE}).")
  private double operationMillis;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of delays that vary (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--svg",
      paramLabel = "FOLDER",
      description = "Also draws timelines of the first case there.")
  private Path svg;

  @Override
  public Integer call() {
    if (!(operationMillis >= .1 && operationMillis <= 1000)) {
      throw new ParameterException(
          spec.commandLine(), "--operation is " + operationMillis + "; it must be in 0.1 to 1000");
    }
    PrintWriter out = spec.commandLine().getOut();
    SimulatedTable table = new SimulatedTable(operationMillis);
    out.printf(
        "Operations of %s ms each; those that fit the paper's 1F1B best: %s ms, without its 7B on"
            + " the last link%n%n",
        operationMillis, OperationFit.millis(SlowLinks.explained()));
    table.lines().forEach(out::println);
    out.printf("%nThe first link's delay drawn for each iteration, N(30, 10) ms%n%n");
    table.varying(seed).forEach(out::println);
    if (svg != null) {
      draw(table);
    }
    out.flush();
    return 0;
  }

  private void draw(SimulatedTable table) {
    try {
      Files.createDirectories(svg);
      for (Way way : Way.values()) {
        Files.writeString(
            svg.resolve("pipeline-simulated-" + way.fileName() + ".svg"),
            TimelineSvg.of(table.timeline(SlowLinks.ofThePaper().get(0), way)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write timelines to " + svg, e);
    }
  }
}
