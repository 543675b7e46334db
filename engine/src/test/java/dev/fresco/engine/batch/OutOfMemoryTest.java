package dev.fresco.engine.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.engine.LittleMemoryProcess;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutOfMemoryTest {
  @TempDir Path folder;

  @Test
  void aStepThatDoesNotFitChangesNothingAndLeavesNothing() throws Exception {
    Path output = folder.resolve("output");
    int status = LittleMemoryProcess.run(StepsInLittleMemory.class, output, Duration.ofMinutes(3));
    assertThat(output)
        .content()
        .contains("out of memory: ", "DefaultCPUAllocator", "steps that failed changed nothing");
    assertThat(status).isZero();
  }
}
