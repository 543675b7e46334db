package dev.fresco.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.planning.pipeline.OneForwardOneBackward;
import dev.fresco.planning.pipeline.PipelinePlan;
import dev.fresco.planning.pipeline.Schedule;
import dev.fresco.trainer.spec.PipelineSpec;
import dev.fresco.trainer.stage.OperationSample;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PaceTest {
  private static final Schedule SCHEDULE = OneForwardOneBackward.schedule(2, 3);

  @TempDir Path folder;

  @Test
  void operationsOfAHostAreHeld() throws InterruptedException {
    Recorder told = new Recorder();
    TrainingRun run =
        new TrainingRun(
            Scenario.spec(folder, new PipelineSpec(1, SCHEDULE.chunks(), 3), 3e-3, 2),
            RunSettings.of("pace", "secret", folder, 2),
            new ThreadStages(),
            PipelinePlan.blocking("1F1B", SCHEDULE),
            Optional::empty,
            told);
    run.impairments().pace(1, Duration.ofMillis(20));
    assertThatThrownBy(() -> run.impairments().pace(2, Duration.ZERO))
        .hasMessage("host is 2; the run has 2, from 0");
    assertThatThrownBy(() -> run.impairments().pace(0, Duration.ofMillis(-1)))
        .hasMessageContaining("leastOperation");

    run.run();

    List<OperationSample> held = told.reports.get(1L).stages().get(1).operations();
    assertThat(held).hasSize(9).allMatch(sample -> sample.millis() >= 20);
  }
}
