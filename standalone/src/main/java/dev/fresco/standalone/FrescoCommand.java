package dev.fresco.standalone;

import dev.fresco.standalone.demo.DemoCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** What {@code ./fresco up} and {@code ./fresco demo} run. */
@Command(
    name = "fresco",
    description = "Serves diffusion models.",
    subcommands = {UpCommand.class, DemoCommand.class},
    mixinStandardHelpOptions = true)
public final class FrescoCommand {
  private FrescoCommand() {}

  public static void main(String[] arguments) {
    CommandLine line = new CommandLine(new FrescoCommand());
    line.setExecutionExceptionHandler(
        (failure, command, parsed) -> {
          command.getErr().println("fresco: " + reason(failure));
          command.getErr().println("The whole story is in " + LogFile.path());
          return CommandLine.ExitCode.SOFTWARE;
        });
    // Services leave threads of their libraries behind that would keep the process.
    System.exit(line.execute(arguments));
  }

  /** The innermost message: the outer ones say only which bean could not be made. */
  private static String reason(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }
}
