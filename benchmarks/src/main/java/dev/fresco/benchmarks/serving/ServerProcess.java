package dev.fresco.benchmarks.serving;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A server in another process, which says on its console when it is ready. It ends with this
 * process.
 */
final class ServerProcess implements AutoCloseable {
  private static final long START_SECONDS = 600;
  private static final long END_SECONDS = 60;
  private static final int LOG_LINES_SHOWN = 12;

  private final Process process;
  private final Path console;
  private final Thread endWithJava;

  private ServerProcess(Process process, Path console) {
    this.process = process;
    this.console = console;
    this.endWithJava = new Thread(process::destroy, "end-server");
    Runtime.getRuntime().addShutdownHook(endWithJava);
  }

  /**
   * Starts it; it is not ready yet.
   *
   * @param settings of its environment, beside this process's
   * @param console takes all that it prints
   */
  static ServerProcess start(List<String> command, Map<String, String> settings, Path console) {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(console.toFile());
    builder.environment().putAll(settings);
    try {
      return new ServerProcess(builder.start(), console);
    } catch (IOException e) {
      throw new ServingException("the server does not start: " + e.getMessage(), e);
    }
  }

  /**
   * Waits until it prints a line that begins so.
   *
   * @return the line
   * @throws ServingException with the end of what it printed, if it ends before or takes too long
   */
  String await(String beginning) throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (true) {
      Optional<String> line =
          Files.readAllLines(console).stream().filter(each -> each.startsWith(beginning)).findAny();
      if (line.isPresent()) {
        return line.get();
      }
      if (!process.isAlive() || System.nanoTime() > end) {
        throw new ServingException(
            "the server did not start; " + console + " ends: " + lastLines());
      }
      process.waitFor(200, TimeUnit.MILLISECONDS);
    }
  }

  private String lastLines() throws IOException {
    List<String> lines = Files.readAllLines(console);
    return String.join(
        " | ", lines.subList(Math.max(0, lines.size() - LOG_LINES_SHOWN), lines.size()));
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().removeShutdownHook(endWithJava);
  }
}
