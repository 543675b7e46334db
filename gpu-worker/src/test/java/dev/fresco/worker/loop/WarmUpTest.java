package dev.fresco.worker.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.engine.batch.LocalModel;
import dev.fresco.engine.batch.ModelSettings;
import dev.fresco.planning.cost.BreakEven;
import dev.fresco.planning.cost.StepCost;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WarmUpTest {
  private final LoopMeters meters = new LoopMeters(new SimpleMeterRegistry());
  @TempDir Path folder;

  private void warmUp(Duration limit) {
    try (LocalModel model =
        LocalModel.load(Path.of("../models/emoji"), new ModelSettings("cpu", "fp32", 150, 1024))) {
      new WarmUp(model, meters, folder.resolve("own"), limit).run();
    }
  }

  @Test
  void picturesAndEditsAreKnownBeforeTheFirstJob() {
    warmUp(Duration.ofMinutes(2));
    assertThat(meters.costs().steps()).isEqualTo(9);
    StepCost cost = meters.costs().cost();
    assertThat(cost.millis(2 * 128 * 128, 0)).as("a whole picture").isPositive();
    assertThat(BreakEven.share(meters.costs())).isBetween(.5, .95);
    assertThat(folder.resolve("own")).isEmptyDirectory();
  }

  @Test
  void noTimeMeansNoSteps() {
    warmUp(Duration.ZERO);
    assertThat(meters.costs().steps()).isZero();
    assertThat(folder.resolve("own")).doesNotExist();
  }
}
