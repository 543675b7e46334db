package dev.fresco.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.planning.pipeline.Interleaved;
import dev.fresco.planning.pipeline.OneForwardOneBackward;
import dev.fresco.planning.pipeline.PipelinePlan;
import dev.fresco.planning.pipeline.Schedule;
import dev.fresco.trainer.link.LinkConditions;
import dev.fresco.trainer.link.LinkSample;
import dev.fresco.trainer.run.IterationReport.StageSamples;
import dev.fresco.trainer.run.RunOutcome.State;
import dev.fresco.trainer.spec.PipelineSpec;
import dev.fresco.trainer.spec.TrainingSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplicasTest {
  private static final double DELAY = 120;

  @TempDir Path folder;

  private TrainingSpec spec(int replicas, Schedule schedule, long iterations) {
    PipelineSpec pipeline = new PipelineSpec(replicas, schedule.chunks(), schedule.microbatches());
    return Scenario.spec(folder, pipeline, 3e-3, iterations);
  }

  @Test
  void replicasOfThePipelineAreOneModelWithTheirBatchesTogether() throws InterruptedException {
    Schedule schedule = Interleaved.schedule(2, 3, 2);
    TrainingSpec spec = spec(3, schedule, 25);
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
    // Both pieces' gradients go to the first replica, and their sums to both others.
    assertThat(last.stages().stream().map(stage -> stage.replicaTransfers().size()))
        .containsExactly(4, 4, 2, 2, 2, 2);
  }

  @Test
  void aSlowLinkOfReplicasMovesIntoThePipelineWithItsHosts() throws InterruptedException {
    Schedule schedule = OneForwardOneBackward.schedule(2, 2);
    TrainingSpec spec = spec(2, schedule, 5);
    PipelinePlan swapped = new PipelinePlan("swapped", schedule, Map.of(0, 1), List.of(0, 2, 1, 3));
    AtomicInteger boundaries = new AtomicInteger();
    Recorder told = new Recorder();
    TrainingRun run =
        new TrainingRun(
            spec,
            RunSettings.of("moving", "secret", folder.resolve("run"), 100),
            new ThreadStages(),
            PipelinePlan.blocking("1F1B", schedule),
            () -> boundaries.getAndIncrement() == 2 ? Optional.of(swapped) : Optional.empty(),
            told);
    run.impairments().between(0, 2, LinkConditions.delayed(Duration.ofMillis((long) DELAY)));
    assertThat(run.run().state()).isEqualTo(State.FINISHED);

    assertThat(told.events)
        .containsExactly("started 0", "plan swapped from 2", "saved 2", "started 2", "saved 5");
    Scenario.requireEqual(told.losses(), Scenario.wholeModel(spec));
    // Both are those of the first stage of the first replica.
    assertThat(fastest(told.reports.get(1L), StageSamples::replicaTransfers))
        .isGreaterThanOrEqualTo(DELAY);
    assertThat(fastest(told.reports.get(1L), StageSamples::transfers)).isLessThan(DELAY);
    assertThat(fastest(told.reports.get(4L), StageSamples::replicaTransfers)).isLessThan(DELAY);
    assertThat(fastest(told.reports.get(4L), StageSamples::transfers))
        .isGreaterThanOrEqualTo(DELAY);
  }

  private static double fastest(
      IterationReport report, Function<StageSamples, List<LinkSample>> which) {
    return which.apply(report.stages().get(0)).stream()
        .mapToDouble(LinkSample::millis)
        .min()
        .orElseThrow();
  }
}
