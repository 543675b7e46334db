package dev.fresco.trainer.process;

import dev.fresco.contracts.Require;
import java.nio.file.Path;
import java.util.List;

/**
 * How stages' processes are started.
 *
 * @param options of their Java machine, such as {@code -Xmx4g}
 * @param threads that share the work of one kernel call, at least 1; results may differ in their
 *     last bits from those with another number
 * @param logs folder where each stage's process writes what it prints
 */
public record ProcessSettings(List<String> options, int threads, Path logs) {
  public ProcessSettings {
    options = List.copyOf(options);
    Require.atLeast("threads", threads, 1);
    Require.present("logs", logs);
  }
}
