package dev.fresco.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.planning.pipeline.PipelinePlan;
import dev.fresco.planning.pipeline.Schedule;
import dev.fresco.planning.pipeline.ZeroBubble;
import dev.fresco.trainer.run.RunOutcome.State;
import dev.fresco.trainer.spec.PipelineSpec;
import dev.fresco.trainer.spec.TrainingSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The second kind of model goes the same way. */
class DiffusionTransformerTest {
  @TempDir Path folder;

  private Recorder run(Schedule schedule, TrainingSpec spec) throws InterruptedException {
    Recorder told = new Recorder();
    RunOutcome outcome =
        new TrainingRun(
                spec,
                RunSettings.of("pictures", "secret", folder.resolve("run"), 100),
                new ThreadStages(),
                PipelinePlan.blocking("zero bubble", schedule),
                Optional::empty,
                told)
            .run();
    assertThat(outcome.state()).isEqualTo(State.FINISHED);
    return told;
  }

  @Test
  void trainsInAPipelineAsInOneProcessAndResumes() throws InterruptedException {
    Schedule schedule = ZeroBubble.vee(2, 4);
    PipelineSpec pipeline = new PipelineSpec(1, schedule.chunks(), 4);
    List<Double> wanted = Scenario.wholeModel(Scenario.pictures(folder, pipeline, 100));

    Recorder first = run(schedule, Scenario.pictures(folder, pipeline, 60));
    Recorder second = run(schedule, Scenario.pictures(folder, pipeline, 100));
    Scenario.requireEqual(first.losses(), wanted.subList(0, 60));
    Scenario.requireEqual(second.losses(), wanted.subList(60, 100));
    assertThat(mean(wanted.subList(90, 100))).isLessThan(0.8 * mean(wanted.subList(0, 10)));
  }

  private static double mean(List<Double> losses) {
    return losses.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }
}
