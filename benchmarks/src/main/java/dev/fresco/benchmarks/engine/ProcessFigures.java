package dev.fresco.benchmarks.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What Linux tells of a process; elsewhere everything is empty.
 *
 * @param folder of the process under {@code /proc}
 */
record ProcessFigures(Path folder) {
  private static final int MINOR_FAULTS_AFTER_NAME = 7;
  private static final int MAJOR_FAULTS_AFTER_NAME = 9;
  private static final int USER_TICKS_AFTER_NAME = 11;
  private static final int SYSTEM_TICKS_AFTER_NAME = 12;

  /** What Linux counts processor time in, as it shows it to processes. */
  private static final double TICKS_IN_A_SECOND = 100;

  static ProcessFigures own() {
    return new ProcessFigures(Path.of("/proc/self"));
  }

  static ProcessFigures of(long processId) {
    return new ProcessFigures(Path.of("/proc/" + processId));
  }

  /** The most memory that it held since its start or {@link #forgetPeak}, in MiB. */
  Optional<Long> peakMemory() {
    return mebibytes("VmHWM");
  }

  /** Memory that is its own: not that of mapped files. */
  Optional<Long> ownMemory() {
    return mebibytes("RssAnon");
  }

  /** Pages of mapped files that it has touched and that are in memory. */
  Optional<Long> mappedMemory() {
    return mebibytes("RssFile");
  }

  /** Pages that it has asked for in its life: each stands for fresh or newly mapped memory. */
  Optional<Long> pageFaults() {
    return statistics(MINOR_FAULTS_AFTER_NAME, MAJOR_FAULTS_AFTER_NAME);
  }

  /**
   * Seconds that processors have worked for it, over all its threads, the system's work included.
   */
  Optional<Double> processorSeconds() {
    return statistics(USER_TICKS_AFTER_NAME, SYSTEM_TICKS_AFTER_NAME)
        .map(ticks -> ticks / TICKS_IN_A_SECOND);
  }

  /** The system's part of {@link #processorSeconds}, most of it for fresh pages. */
  Optional<Double> systemSeconds() {
    return statistics(SYSTEM_TICKS_AFTER_NAME).map(ticks -> ticks / TICKS_IN_A_SECOND);
  }

  /** The sum of some of the numbers that the system keeps. */
  private Optional<Long> statistics(int... places) {
    return lines("stat").stream()
        .findFirst()
        .map(
            line -> {
              // The name may hold blanks; it ends with the last bracket.
              String[] words = line.substring(line.lastIndexOf(')') + 2).split(" ");
              return IntStream.of(places).mapToLong(place -> Long.parseLong(words[place])).sum();
            });
  }

  /** Lets the peak start again from here; where Linux refuses, it stays that of the whole life. */
  void forgetPeak() {
    Path file = folder.resolve("clear_refs");
    if (Files.isWritable(file)) {
      try {
        Files.writeString(file, "5");
      } catch (IOException e) {
        throw new UncheckedIOException("writing " + file, e);
      }
    }
  }

  private Optional<Long> mebibytes(String key) {
    return lines("status").stream()
        .filter(line -> line.startsWith(key + ":"))
        .map(line -> line.substring(key.length() + 1).replace("kB", "").strip())
        .map(kibibytes -> Long.parseLong(kibibytes) / 1024)
        .findFirst();
  }

  private List<String> lines(String name) {
    Path file = folder.resolve(name);
    try {
      return Files.isReadable(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + file, e);
    }
  }
}
