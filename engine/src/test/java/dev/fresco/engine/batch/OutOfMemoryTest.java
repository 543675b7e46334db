package dev.fresco.engine.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutOfMemoryTest {
  @TempDir Path folder;

  @Test
  void aStepThatDoesNotFitChangesNothingAndLeavesNothing() throws Exception {
    Path output = folder.resolve("output");
    Process process = start(output);
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(output)
        .content()
        .contains("out of memory: ", "DefaultCPUAllocator", "steps that failed changed nothing");
    assertThat(process.exitValue()).isZero();
  }

  /**
   * With an allocator that takes memory when it is needed and gives it back when it is not, and
   * without Java's compiler, which ends the process when it cannot allocate.
   */
  private static Process start(Path output) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xint",
            "-Xmx512m",
            "-Dai.djl.offline=true",
            "-cp",
            System.getProperty("java.class.path"),
            StepsInLittleMemory.class.getName());
    builder.environment().put("MALLOC_ARENA_MAX", "1");
    builder.environment().put("MALLOC_MMAP_THRESHOLD_", "131072");
    builder.environment().put("MALLOC_TRIM_THRESHOLD_", "131072");
    builder.environment().put("OMP_NUM_THREADS", "1");
    return builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
  }
}
