package dev.fresco.benchmarks;

import dev.fresco.benchmarks.cacheload.CacheLoadCommand;
import dev.fresco.benchmarks.engine.EngineCommand;
import dev.fresco.benchmarks.masked.MaskedCommand;
import dev.fresco.benchmarks.parity.ParityCommand;
import dev.fresco.benchmarks.pipeline.PipelineCommand;
import dev.fresco.benchmarks.quality.QualityCommand;
import dev.fresco.benchmarks.routing.RoutingCommand;
import dev.fresco.benchmarks.schedules.SchedulesCommand;
import dev.fresco.benchmarks.serving.ServingCommand;
import dev.fresco.benchmarks.soak.SoakCommand;
import dev.fresco.benchmarks.stragglers.StragglersCommand;
import dev.fresco.engine.EngineException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** What {@code ./fresco bench} runs. */
@Command(
    name = "fresco bench",
    description = "Compares the engine with its reference and measures it.",
    subcommands = {
      ParityCommand.class,
      EngineCommand.class,
      MaskedCommand.class,
      QualityCommand.class,
      SoakCommand.class,
      CacheLoadCommand.class,
      RoutingCommand.class,
      SchedulesCommand.class,
      StragglersCommand.class,
      PipelineCommand.class,
      ServingCommand.class
    },
    mixinStandardHelpOptions = true)
public final class BenchCommand {
  private BenchCommand() {}

  public static void main(String[] arguments) {
    System.exit(line().execute(arguments));
  }

  /** The command line, which prints what the engine refuses without a stack trace. */
  static CommandLine line() {
    CommandLine line =
        new CommandLine(new BenchCommand()).setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler(
        (failure, command, parsed) -> {
          if (!(failure instanceof EngineException)) {
            throw failure;
          }
          command.getErr().println("fresco: " + failure.getMessage());
          return CommandLine.ExitCode.USAGE;
        });
    return line;
  }
}
