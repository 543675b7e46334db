package dev.fresco.benchmarks;

import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Refuses options that are out of their range. */
public final class OptionRange {
  private OptionRange() {}

  /**
   * @throws ParameterException unless the value is within both limits
   */
  public static void requireWhole(
      CommandSpec command, String option, long value, long least, long most) {
    if (value < least || value > most) {
      throw refused(command, "%s is %d; it must be in %d to %d", option, value, least, most);
    }
  }

  /** As {@link #requireWhole}; what is not a number is out of every range. */
  public static void require(
      CommandSpec command, String option, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw refused(command, "%s is %s; it must be in %s to %s", option, value, least, most);
    }
  }

  private static ParameterException refused(CommandSpec command, String format, Object... values) {
    return new ParameterException(
        command.commandLine(), String.format(Locale.ROOT, format, values));
  }
}
