package dev.fresco.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.planning.pipeline.OneForwardOneBackward;
import dev.fresco.planning.pipeline.PipelinePlan;
import dev.fresco.planning.pipeline.Schedule;
import dev.fresco.trainer.run.RunOutcome.State;
import dev.fresco.trainer.run.RunSettings.Patience;
import dev.fresco.trainer.spec.PipelineSpec;
import dev.fresco.trainer.spec.TrainingSpec;
import dev.fresco.trainer.stage.StageAnswer.Computed;
import dev.fresco.trainer.stage.StageCommand;
import dev.fresco.trainer.stage.StageCommand.Iterate;
import dev.fresco.trainer.stage.StagePlace;
import dev.fresco.trainer.stage.StageReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stages that die, keep silent, or report late or twice. */
class LostStageTest {
  private static final Schedule SCHEDULE = OneForwardOneBackward.schedule(2, 4);
  private static final StagePlace SECOND = new StagePlace(0, 1);

  @TempDir Path folder;
  private List<Double> wanted;

  /** What becomes of a command, or of a report. */
  private interface Fault {
    default void tell(int attempt, StageCommand command, RunningStage stage) {
      stage.tell(command);
    }

    default void report(StageReport report, Consumer<StageReport> reports) {
      reports.accept(report);
    }
  }

  /** Threads, the second stage of which has a fault. */
  private static StageLauncher faulty(Fault fault) {
    ThreadStages threads = new ThreadStages();
    return (attempt, place, reports) -> {
      if (!place.equals(SECOND)) {
        return threads.launch(attempt, place, reports);
      }
      RunningStage stage = threads.launch(attempt, place, report -> fault.report(report, reports));
      return new RunningStage() {
        @Override
        public void tell(StageCommand command) {
          fault.tell(attempt, command, stage);
        }

        @Override
        public void close() {
          stage.close();
        }
      };
    };
  }

  private TrainingSpec spec() {
    return Scenario.spec(folder, new PipelineSpec(1, SCHEDULE.chunks(), 4), 3e-3, 8);
  }

  private RunOutcome run(String name, StageLauncher launcher, Duration answer, Recorder told)
      throws InterruptedException {
    RunSettings settings =
        RunSettings.of(name, "secret", folder.resolve(name), 3)
            .withPatience(new Patience(Duration.ofMinutes(1), answer, 2));
    return new TrainingRun(
            spec(),
            settings,
            launcher,
            PipelinePlan.blocking("1F1B", SCHEDULE),
            Optional::empty,
            told)
        .run();
  }

  @BeforeEach
  void trainWithoutFaults() throws InterruptedException {
    Recorder told = new Recorder();
    run("sound", new ThreadStages(), Duration.ofMinutes(1), told);
    wanted = told.losses();
  }

  private static boolean isIteration(StageCommand command, long iteration) {
    return command instanceof Iterate iterate && iterate.iteration() == iteration;
  }

  @Test
  void aStageThatDiesStartsAgainFromTheLastCheckpoint() throws InterruptedException {
    Fault dies =
        new Fault() {
          @Override
          public void tell(int attempt, StageCommand command, RunningStage stage) {
            if (attempt == 0 && isIteration(command, 4)) {
              stage.tell(new StageCommand.Save(99, "none")); // which it cannot do
            }
            stage.tell(command);
          }
        };
    Recorder told = new Recorder();
    RunOutcome outcome = run("dying", faulty(dies), Duration.ofMinutes(1), told);

    assertThat(outcome).isEqualTo(new RunOutcome(State.FINISHED, 8, ""));
    assertThat(told.events).hasSize(6);
    assertThat(told.events.get(2)).contains("lost: stage 1 has failed", "asked for iteration 99");
    assertThat(told.events.get(3)).isEqualTo("started 3");
    assertThat(told.losses()).isEqualTo(wanted);
  }

  @Test
  void aStageThatNeverAnswersIsAsGoodAsDead() throws InterruptedException {
    Fault silent =
        new Fault() {
          @Override
          public void tell(int attempt, StageCommand command, RunningStage stage) {
            if (attempt != 0 || !isIteration(command, 5)) {
              stage.tell(command);
            }
          }
        };
    Recorder told = new Recorder();
    RunOutcome outcome = run("silent", faulty(silent), Duration.ofMillis(700), told);

    assertThat(outcome.state()).isEqualTo(State.FINISHED);
    assertThat(told.events.get(2))
        .contains("no Computed within 700 ms (the limit for answers) from", "stage 1");
    assertThat(told.losses()).isEqualTo(wanted);
  }

  @Test
  void aStageThatAlwaysDiesEndsTheRun() throws InterruptedException {
    Fault dies =
        new Fault() {
          @Override
          public void tell(int attempt, StageCommand command, RunningStage stage) {
            stage.tell(isIteration(command, 4) ? new StageCommand.Save(99, "none") : command);
          }
        };
    Recorder told = new Recorder();
    RunOutcome outcome = run("hopeless", faulty(dies), Duration.ofMinutes(1), told);

    assertThat(outcome.state()).isEqualTo(State.FAILED);
    assertThat(outcome.iterations()).isEqualTo(3);
    assertThat(outcome.reason()).contains("stage 1 has failed");
    assertThat(told.events).filteredOn(event -> event.startsWith("lost")).hasSize(4);
  }

  @Test
  void reportsThatComeTwiceOrLateAreToldAndDropped() throws InterruptedException {
    Fault stutters =
        new Fault() {
          @Override
          public void report(StageReport report, Consumer<StageReport> reports) {
            reports.accept(report);
            if (report.answer() instanceof Computed computed && computed.iteration() == 2) {
              reports.accept(report);
              reports.accept(new StageReport(7, report.place(), report.answer()));
              reports.accept(new StageReport(0, new StagePlace(3, 0), report.answer()));
            }
          }
        };
    Recorder told = new Recorder();
    RunOutcome outcome = run("stuttering", faulty(stutters), Duration.ofMinutes(1), told);

    assertThat(outcome.state()).isEqualTo(State.FINISHED);
    assertThat(told.losses()).isEqualTo(wanted);
    assertThat(told.dropped).hasSize(3);
    assertThat(told.dropped.get(0)).matches("stage 1: Computed: it (is late|came before).*");
    assertThat(told.dropped.get(1)).isEqualTo("stage 1: Computed: it is of another attempt");
    assertThat(told.dropped.get(2)).contains("there is no such stage");
  }
}
