package dev.fresco.benchmarks.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What Linux tells of the processor. */
public final class Machine {
  private static final Path PROCESSOR = Path.of("/proc/cpuinfo");
  private static final Set<String> FLAGS =
      Set.of("avx2", "avx512f", "avx512_bf16", "amx_bf16", "asimd", "bf16");

  private Machine() {}

  /** Name, cores that this process may use, and the flags that decide about speed. */
  public static String processor() {
    List<String> lines = lines(PROCESSOR);
    String name = value(lines, "model name").orElse(System.getProperty("os.arch"));
    Set<String> flags = new TreeSet<>(FLAGS);
    flags.retainAll(Arrays.asList(value(lines, "flags").orElse("").split(" ")));
    return "%s, %d cores, %s"
        .formatted(name, Runtime.getRuntime().availableProcessors(), String.join(" ", flags));
  }

  private static Optional<String> value(List<String> lines, String key) {
    return lines.stream()
        .filter(line -> line.startsWith(key))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst();
  }

  private static List<String> lines(Path file) {
    try {
      return Files.isReadable(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + file, e);
    }
  }
}
