package dev.fresco.benchmarks.parity;

import dev.fresco.engine.kernel.ComputeType;
import dev.fresco.engine.kernel.KernelLibrary;
import dev.fresco.engine.parity.ParityRow;
import dev.fresco.engine.parity.ParityRow.Verdict;
import dev.fresco.engine.parity.ParitySettings;
import dev.fresco.engine.parity.ParitySuite;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./fresco bench parity}. */
@Command(
    name = "parity",
    description = {
      "Compares the engine with the golden files of a fixtures folder.",
      "The error is |result - reference| / |reference|; for tokens, the share of texts that differ."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:everything that is supported is within its limit",
      "1:something is over its limit, or failed to load",
      "2:the folder is no fixtures folder, or an option is wrong"
    },
    mixinStandardHelpOptions = true)
public final class ParityCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "FOLDER",
      defaultValue = "${env:FRESCO_HOME:-.}/engine/fixtures",
      description = "Fixtures folder; the repository's own if left out.")
  private Path fixtures;

  @Option(
      names = "--dtype",
      paramLabel = "fp32|bf16|auto",
      defaultValue = "fp32",
      description = "Compute type of the networks (default: ${DEFAULT-VALUE}).")
  private String computeType;

  @Option(
      names = "--device",
      paramLabel = "cpu|cuda:N",
      defaultValue = "cpu",
      description = "Where the networks run (default: ${DEFAULT-VALUE}).")
  private String device;

  @Option(names = "--tensors", description = "A line per tensor, not per file.")
  private boolean tensors;

  @Override
  public Integer call() {
    try (KernelLibrary kernels = KernelLibrary.on(device)) {
      ComputeType type = ComputeType.parse(computeType, kernels.onGpu());
      List<ParityRow> rows =
          new ParitySuite(ParitySuite.EVERYTHING).run(fixtures, new ParitySettings(kernels, type));
      List<FileResult> results = FileResult.of(rows);
      PrintWriter out = spec.commandLine().getOut();
      out.printf("%s, %s on %s%n%n", fixtures, type, device);
      (tensors ? ParityTables.tensors(rows) : ParityTables.files(results)).forEach(out::println);
      out.println();
      out.println(ParityTables.summary(results));
      out.flush();
      return results.stream().anyMatch(result -> result.verdict() == Verdict.FAILED) ? 1 : 0;
    }
  }
}
