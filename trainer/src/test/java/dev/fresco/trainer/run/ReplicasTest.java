package dev.fresco.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.planning.pipeline.Interleaved;
import dev.fresco.planning.pipeline.PipelinePlan;
import dev.fresco.planning.pipeline.Schedule;
import dev.fresco.trainer.run.RunOutcome.State;
import dev.fresco.trainer.spec.PipelineSpec;
import dev.fresco.trainer.spec.TrainingSpec;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplicasTest {
  @TempDir Path folder;

  @Test
  void replicasOfThePipelineAreOneModelWithTheirBatchesTogether() throws InterruptedException {
    Schedule schedule = Interleaved.schedule(2, 3, 2);
    TrainingSpec spec =
        Scenario.spec(folder, new PipelineSpec(3, schedule.chunks(), 3), 3e-3, 40);
    Recorder told = new Recorder();
    RunOutcome outcome =
        new TrainingRun(
                spec,
                RunSettings.of("replicas", "secret", folder.resolve("run"), 15),
                new ThreadStages(),
                PipelinePlan.blocking("interleaved", schedule),
                Optional::empty,
                told)
            .run();

    assertThat(outcome.state()).isEqualTo(State.FINISHED);
    Scenario.requireEqual(told.losses(), Scenario.wholeModel(spec));
    IterationReport last = told.reports.get(told.reports.lastKey());
    assertThat(last.stages()).hasSize(6);
    // To and from the first replica, for both pieces.
    assertThat(last.stages()).allSatisfy(stage -> assertThat(stage.replicaTransfers()).isNotEmpty());
  }
}
