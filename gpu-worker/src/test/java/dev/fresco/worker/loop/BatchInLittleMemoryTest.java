package dev.fresco.worker.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.engine.LittleMemoryProcess;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchInLittleMemoryTest {
  private static final Path MODEL = Path.of("..", "engine", "fixtures", "sd21-tiny");

  @TempDir Path folder;

  @Test
  void realPicturesThatDoNotFitOneStepAreAllPaintedAndTheOneThatFitsNoneFails() throws Exception {
    Path output = folder.resolve("output");
    int status =
        LittleMemoryProcess.run(
            BatchInLittleMemory.class, output, Duration.ofMinutes(3), MODEL.toString());
    assertThat(output).content().contains("eight pictures are as they would be");
    assertThat(status).isZero();
  }
}
