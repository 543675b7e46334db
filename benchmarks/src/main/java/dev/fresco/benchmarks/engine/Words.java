package dev.fresco.benchmarks.engine;

import dev.fresco.engine.kernel.ComputeType;
import java.util.Locale;
import java.util.Optional;

/** Figures as the tables spell them. */
public final class Words {
  private Words() {}

  public static String of(ComputeType format) {
    return format.name().toLowerCase(Locale.ROOT);
  }

  public static String milliseconds(double value) {
    return number("%.1f ms", value);
  }

  public static String percent(double share) {
    return number("%.1f %%", 100 * share);
  }

  public static String mebibytes(Optional<Long> value) {
    return value.map(number -> number + " MiB").orElse("");
  }

  public static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  /** Nothing for nothing. */
  public static String number(String format, Optional<Double> value) {
    return value.map(present -> number(format, present)).orElse("");
  }
}
