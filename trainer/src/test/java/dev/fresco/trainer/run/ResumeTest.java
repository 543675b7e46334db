package dev.fresco.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.planning.pipeline.ModelChunks;
import dev.fresco.planning.pipeline.OneForwardOneBackward;
import dev.fresco.planning.pipeline.PipelinePlan;
import dev.fresco.planning.pipeline.Schedule;
import dev.fresco.planning.pipeline.ZeroBubble;
import dev.fresco.trainer.checkpoint.CheckpointStore;
import dev.fresco.trainer.run.RunOutcome.State;
import dev.fresco.trainer.spec.PipelineSpec;
import dev.fresco.trainer.spec.TrainingSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResumeTest {
  private static final Schedule SCHEDULE = ZeroBubble.vee(2, 4);

  @TempDir Path folder;

  private TrainingSpec spec(double learningRate, long iterations) {
    PipelineSpec pipeline = new PipelineSpec(1, SCHEDULE.chunks(), 4);
    return Scenario.spec(folder, pipeline, learningRate, iterations);
  }

  private TrainingRun training(
      TrainingSpec spec, String name, Supplier<Optional<PipelinePlan>> plans, Recorder told) {
    return new TrainingRun(
        spec,
        RunSettings.of(name, "secret", folder.resolve(name), 5),
        new ThreadStages(),
        PipelinePlan.blocking("ZB-V", SCHEDULE),
        plans,
        told);
  }

  private RunOutcome run(TrainingSpec spec, String name, Recorder told)
      throws InterruptedException {
    return training(spec, name, Optional::empty, told).run();
  }

  private RunOutcome runQuietly(String name, Recorder told) {
    try {
      return run(spec(3e-3, 4), name, told);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aRunThatWasStoppedGoesOnBitForBit() throws InterruptedException {
    Recorder whole = new Recorder();
    assertThat(run(spec(3e-3, 16), "whole", whole).state()).isEqualTo(State.FINISHED);
    assertThat(whole.events)
        .containsExactly("started 0", "saved 5", "saved 10", "saved 15", "saved 16");

    AtomicReference<TrainingRun> running = new AtomicReference<>();
    Recorder first =
        new Recorder(
            report -> {
              if (report.iteration() == 6) {
                running.get().stop();
              }
            });
    running.set(training(spec(3e-3, 16), "parts", Optional::empty, first));
    assertThat(running.get().run())
        .isEqualTo(new RunOutcome(State.STOPPED, 7, "it was told to stop"));
    assertThat(first.events).containsExactly("started 0", "saved 5", "saved 7");

    Recorder second = new Recorder();
    assertThat(run(spec(3e-3, 16), "parts", second).state()).isEqualTo(State.FINISHED);
    assertThat(second.reports.firstKey()).isEqualTo(7);
    assertThat(first.losses()).isEqualTo(whole.losses().subList(0, 7));
    assertThat(second.losses()).isEqualTo(whole.losses().subList(7, 16));

    Recorder third = new Recorder();
    assertThat(run(spec(3e-3, 16), "parts", third).state()).isEqualTo(State.FINISHED);
    assertThat(third.reports).isEmpty();
  }

  @Test
  void aRunThatIsStoppedBeforeItStartsDoesNothing() throws InterruptedException {
    Recorder told = new Recorder();
    TrainingRun run = training(spec(3e-3, 16), "early", Optional::empty, told);
    run.stop();
    assertThat(run.run()).isEqualTo(new RunOutcome(State.STOPPED, 0, "it was told to stop"));
    assertThat(told.events).isEmpty();
  }

  @Test
  void aLossThatIsNoNumberEndsTheRunAndKeepsTheLastGoodCheckpoint() throws InterruptedException {
    Recorder good = new Recorder();
    run(spec(3e-3, 5), "diverging", good);
    Recorder told = new Recorder();
    RunOutcome outcome = run(spec(1e30, 20), "diverging", told);

    assertThat(outcome.state()).isEqualTo(State.NOT_FINITE);
    assertThat(outcome.iterations()).isEqualTo(5);
    assertThat(outcome.reason()).matches("iteration \\d: the (loss|norm of the gradient) is .*");
    assertThat(told.events).containsExactly("started 5");
    assertThat(new CheckpointStore(folder.resolve("diverging"), 2).latest())
        .hasValueSatisfying(checkpoint -> assertThat(checkpoint.iteration()).isEqualTo(5));
  }

  @Test
  void plansThatContradictTheRunAreRefused() throws InterruptedException {
    List<PipelinePlan> plans =
        List.of(
            PipelinePlan.blocking("other chunks", OneForwardOneBackward.schedule(2, 4)),
            PipelinePlan.blocking("other batch", ZeroBubble.vee(2, 5)),
            PipelinePlan.blocking(
                "stuck",
                new Schedule(4, SCHEDULE.chunks(), List.of(SCHEDULE.stages().get(0), List.of()))));
    var next = plans.iterator();
    Recorder told = new Recorder();
    RunOutcome outcome =
        training(
                spec(3e-3, 4),
                "refusing",
                () -> next.hasNext() ? Optional.of(next.next()) : Optional.empty(),
                told)
            .run();

    assertThat(outcome.state()).isEqualTo(State.FINISHED);
    assertThat(told.events).hasSize(5);
    assertThat(told.events.get(1)).startsWith("refused other chunks: the plan is for ModelChunks");
    assertThat(told.events.get(2)).contains("for 5 microbatches; the run has 4");
    assertThat(told.events.get(3)).contains("stage 1 never runs F0", "stage 0 waits at");
    assertThatThrownBy(
            () ->
                new TrainingRun(
                    spec(3e-3, 4),
                    RunSettings.of("refusing", "secret", folder, 5),
                    new ThreadStages(),
                    plans.get(1),
                    Optional::empty,
                    told))
        .hasMessageContaining("plan other batch cannot be used");
  }

  @Test
  void twoRunsDoNotShareAFolder() throws InterruptedException {
    Recorder second = new Recorder();
    List<RunOutcome> outcomes = new ArrayList<>();
    Recorder first =
        new Recorder(
            report -> {
              if (report.iteration() == 1) {
                outcomes.add(runQuietly("shared", second));
              }
            });

    assertThat(run(spec(3e-3, 4), "shared", first).state()).isEqualTo(State.FINISHED);
    assertThat(outcomes)
        .singleElement()
        .satisfies(
            outcome -> {
              assertThat(outcome.state()).isEqualTo(State.FAILED);
              assertThat(outcome.reason()).endsWith("shared: another run is going on there");
            });
    assertThat(second.events).isEmpty();
  }

  @Test
  void aModelThatIsTooSmallForTheStagesIsRefused() {
    ModelChunks seven = ModelChunks.onePerStage(7);
    assertThatThrownBy(() -> Scenario.spec(folder, seven, 1))
        .hasMessageContaining("stages: 7 with 1 chunks each need a model of 7 blocks; it has 6");
  }
}
