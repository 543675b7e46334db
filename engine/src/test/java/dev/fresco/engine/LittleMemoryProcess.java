package dev.fresco.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A JVM whose memory can be made to fail at a known amount: its allocator takes memory when it is
 * needed and gives it back when it is not, and it has no compiler of Java, which would end the
 * process when it cannot allocate.
 */
public final class LittleMemoryProcess {
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "MALLOC_ARENA_MAX",
          "1",
          "MALLOC_MMAP_THRESHOLD_",
          "131072",
          "MALLOC_TRIM_THRESHOLD_",
          "131072",
          "ONEDNN_PRIMITIVE_CACHE_CAPACITY",
          "16384",
          "OMP_NUM_THREADS",
          "1");

  private LittleMemoryProcess() {}

  /**
   * Runs a main class on this process's class path.
   *
   * @param output gets what it prints
   * @return its exit status
   */
  public static int run(Class<?> main, Path output, Duration limit, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xint", "-Xmx512m", "-Dai.djl.offline=true"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(ENVIRONMENT);
    Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException(main.getName() + " still runs after " + limit);
    }
    return process.exitValue();
  }
}
