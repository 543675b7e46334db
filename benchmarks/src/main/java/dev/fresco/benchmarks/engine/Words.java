package dev.fresco.benchmarks.engine;

import dev.fresco.engine.kernel.ComputeType;
import java.util.Locale;
import java.util.Optional;

/** Figures as the tables spell them. */
final class Words {
  private Words() {}

  static String of(ComputeType format) {
    return format.name().toLowerCase(Locale.ROOT);
  }

  static String milliseconds(double value) {
    return number("%.1f ms", value);
  }

  static String percent(double share) {
    return number("%.1f %%", 100 * share);
  }

  static String mebibytes(Optional<Long> value) {
    return value.map(number -> number + " MiB").orElse("");
  }

  static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  /** Nothing for nothing. */
  static String number(String format, Optional<Double> value) {
    return value.map(present -> number(format, present)).orElse("");
  }
}
