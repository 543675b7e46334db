package dev.fresco.planning.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.contracts.training.TrainingDelay;
import dev.fresco.contracts.training.TrainingJob;
import dev.fresco.contracts.training.TrainingPlan;
import dev.fresco.contracts.training.TrainingProgress;
import dev.fresco.contracts.training.TrainingSchedule;
import dev.fresco.contracts.training.TrainingTelemetry;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PipelineWatchTest {
  private static final int STEADY = 40;

  private final TrainingJob job = Jobs.adaptive(4, 8);

  /** A watch with the trainer that it watches, and what has come of it. */
  private static final class Scene {
    private final SyntheticTrainer trainer;
    private PipelineWatch watch;
    private long iteration;
    private final List<TrainingPlan> plans = new ArrayList<>();
    private final List<TrainingDelay> delays = new ArrayList<>();
    private final List<TrainingProgress> progress = new ArrayList<>();
    private final TrainingJob job;

    Scene(TrainingJob job, long seed) {
      this.job = job;
      trainer = new SyntheticTrainer(job, seed);
      watch = new PipelineWatch(job, HealthySchedule.firstPlan(job));
    }

    void run(int iterations) {
      for (int i = 0; i < iterations; i++) {
        trainer.iteration(iteration++).forEach(this::observe);
      }
    }

    private void observe(TrainingTelemetry report) {
      PipelineWatch.Observation seen = watch.observe(report, report.at());
      assertThat(seen.reception()).isEqualTo(Reception.NEW);
      seen.plan().ifPresent(plans::add);
      delays.addAll(seen.delays());
      seen.progress().ifPresent(progress::add);
    }

    /** Another process takes over, which knows the newest plan only. */
    void restart() {
      watch = new PipelineWatch(job, watch.plan());
    }

    TrainingPlan lastPlan() {
      return plans.get(plans.size() - 1);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aSlowLinkIsPlannedForWithinFiveIterationsAndGivenUpWhenItHeals(long seed) {
    Scene scene = new Scene(job, seed);
    scene.run(STEADY);
    assertThat(scene.plans).isEmpty();
    scene.trainer.slowLink(0, 0, 30);
    scene.run(5);
    assertThat(scene.lastPlan().name()).isEqualTo("adapted");
    assertThat(scene.lastPlan().delegates().get(0)).isBetween(4, 5);
    assertThat(scene.lastPlan().delegates().subList(1, 3)).containsOnly(0);
    assertThat(scene.lastPlan().fromIteration()).isBetween((long) STEADY + 3, STEADY + 6L);
    scene.run(STEADY);
    scene.trainer.slowLink(0, 0, 0);
    scene.run(6);
    assertThat(scene.lastPlan().name()).isEqualTo("healthy");
    assertThat(scene.delays).extracting(TrainingDelay::place).containsOnly("link 0");
    assertThat(scene.plans).hasSizeLessThanOrEqualTo(4);
  }

  @Test
  void severalLinksAreSlowAtOnceAndHealOneByOne() {
    Scene scene = new Scene(job, 7);
    scene.run(STEADY);
    scene.trainer.slowLink(0, 0, 30);
    scene.trainer.slowLink(2, 0, 50);
    scene.run(8);
    assertThat(scene.lastPlan().delegates()).allMatch(k -> k <= 8);
    assertThat(scene.lastPlan().delegates().get(0)).isPositive();
    assertThat(scene.lastPlan().delegates().get(1)).isZero();
    assertThat(scene.lastPlan().delegates().get(2)).isPositive();
    scene.run(STEADY);
    scene.trainer.slowLink(0, 0, 0);
    scene.run(8);
    assertThat(scene.lastPlan().delegates().get(0)).isZero();
    assertThat(scene.lastPlan().delegates().get(2)).isPositive();
    scene.trainer.slowLink(2, 0, 0);
    scene.run(8);
    assertThat(scene.lastPlan().name()).isEqualTo("healthy");
  }

  /** The process that takes over has never seen the link healthy. */
  @Test
  void aPlanOutlivesTheProcessThatMadeItAndIsGivenUpByTheNext() {
    Scene scene = new Scene(job, 11);
    scene.run(STEADY);
    scene.trainer.slowLink(1, 0, 30);
    scene.run(8);
    TrainingPlan made = scene.lastPlan();
    scene.restart();
    scene.run(STEADY);
    assertThat(scene.watch.plan()).isEqualTo(made);
    scene.trainer.slowLink(1, 0, 0);
    scene.run(10);
    assertThat(scene.lastPlan().name()).isEqualTo("healthy");
    assertThat(scene.lastPlan().number()).isEqualTo(made.number() + 1);
    TrainingDelay over = scene.delays.get(scene.delays.size() - 1);
    assertThat(over.place()).isEqualTo("link 1");
    assertThat(over.end()).isNotNull();
  }

  @Test
  void aProcessThatTakesOverKeepsWhatItInheritedWhenMoreBecomesSlow() {
    Scene scene = new Scene(job, 12);
    scene.run(STEADY);
    scene.trainer.slowLink(1, 0, 30);
    scene.run(8);
    scene.restart();
    scene.run(STEADY);
    scene.trainer.slowLink(2, 0, 40);
    scene.run(8);
    assertThat(scene.lastPlan().delegates().get(0)).isZero();
    assertThat(scene.lastPlan().delegates().get(1)).isPositive();
    assertThat(scene.lastPlan().delegates().get(2)).isPositive();
  }

  @Test
  void aSlowStageIsToldAndPlannedForIfThatHelps() {
    Scene scene = new Scene(job, 13);
    scene.run(STEADY);
    scene.trainer.slowStage(2, 10);
    scene.run(8);
    assertThat(scene.delays).extracting(TrainingDelay::place).containsOnly("stage 2");
    assertThat(scene.delays)
        .extracting(TrainingDelay::operation)
        .contains("forward", "backward", "weight");
    assertThat(scene.watch.plan().delegates()).containsOnly(0);
  }

  @Test
  void aJobWithAScheduleOfItsOwnIsWatchedAllTheSame() {
    Scene scene = new Scene(Jobs.of(4, 8, 1, TrainingSchedule.ONE_F_ONE_B, null), 3);
    scene.run(STEADY);
    scene.trainer.slowLink(0, 0, 30);
    scene.run(8);
    assertThat(scene.delays).isNotEmpty();
    assertThat(scene.plans).isEmpty();
  }

  @Test
  void aSlowPairOfReplicasChangesPlaces() {
    Scene scene = new Scene(Jobs.of(3, 6, 2, TrainingSchedule.ADAPTIVE, null), 5);
    scene.run(60);
    scene.trainer.slowGroup(1, 0, 1, 60);
    scene.run(12);
    TrainingPlan plan = scene.lastPlan();
    HostPlacement placed = new HostPlacement(3, plan.hosts());
    assertThat(placed.tie(1, 4)).isNotEqualTo(HostPlacement.Tie.GROUP);
    // The hosts have moved: no pair of replicas is slow any more.
    scene.trainer.slowGroup(1, 0, 1, 0);
    int made = scene.plans.size();
    scene.run(STEADY);
    assertThat(scene.plans.subList(made, scene.plans.size()))
        .allMatch(later -> later.hosts().equals(plan.hosts()));
  }

  @Test
  void everyIterationIsToldOnceAllItsReportsAreThere() {
    Scene scene = new Scene(Jobs.of(2, 4, 2, TrainingSchedule.ADAPTIVE, null), 1);
    scene.run(3);
    assertThat(scene.progress)
        .extracting(TrainingProgress::iterationsDone)
        .containsExactly(1L, 2L, 3L);
    assertThat(scene.progress.get(0).loss()).isEqualTo(3.5);
    assertThat(scene.progress.get(0).iterationMillis()).isEqualTo(1000);
  }

  @Test
  void whatComesTwiceOrLateIsNotUsed() {
    PipelineWatch watch = new PipelineWatch(job, HealthySchedule.firstPlan(job));
    SyntheticTrainer trainer = new SyntheticTrainer(job, 1);
    TrainingTelemetry first = trainer.iteration(0).get(0);
    TrainingTelemetry third = trainer.iteration(2).get(0);
    TrainingTelemetry second = trainer.iteration(1).get(0);
    assertThat(watch.observe(first, Jobs.START).reception()).isEqualTo(Reception.NEW);
    assertThat(watch.observe(first, Jobs.START).reception()).isEqualTo(Reception.REPEATED);
    assertThat(watch.observe(third, Jobs.START).reception()).isEqualTo(Reception.NEW);
    assertThat(watch.observe(second, Jobs.START).reception()).isEqualTo(Reception.LATE);
  }

  /** By a tenth of its 6 ms, which is a tenth of an operation's 10 ms at the most. */
  @Test
  void whatNobodyFeelsIsNoNews() {
    Scene scene = new Scene(job, 21);
    scene.run(STEADY);
    scene.trainer.slowLink(0, 0, .8);
    scene.run(STEADY);
    assertThat(scene.delays).isEmpty();
    assertThat(scene.plans).isEmpty();
    scene.trainer.slowLink(0, 0, 30);
    scene.run(8);
    assertThat(scene.delays).isNotEmpty();
    scene.trainer.slowLink(0, 0, 0);
    scene.run(8);
    assertThat(scene.lastPlan().name()).isEqualTo("healthy");
  }

  /** As a trainer does whose clock and whose times are not of one kind. */
  @Test
  void iterationsMayLastLongerThanTheTimeToTheNext() {
    PipelineWatch watch = new PipelineWatch(job, HealthySchedule.firstPlan(job));
    SyntheticTrainer trainer = new SyntheticTrainer(job, 1);
    for (int iteration = 0; iteration < STEADY + 5; iteration++) {
      if (iteration == STEADY) {
        trainer.slowLink(0, 0, 30);
      }
      for (TrainingTelemetry report : trainer.iteration(iteration)) {
        watch.observe(hasty(report), report.at());
      }
    }
    assertThat(watch.plan().name()).isEqualTo("adapted");
  }

  private static TrainingTelemetry hasty(TrainingTelemetry report) {
    return new TrainingTelemetry(
        report.trainingJobId(),
        Jobs.START.plusMillis(report.iteration()),
        report.iteration(),
        report.replica(),
        report.stage(),
        report.iterationMillis(),
        report.loss(),
        report.operations(),
        report.messages());
  }

  @Test
  void aStageThatTellsNothingIsNamed() {
    PipelineWatch watch = new PipelineWatch(job, HealthySchedule.firstPlan(job));
    SyntheticTrainer trainer = new SyntheticTrainer(job, 1);
    List<SilentStage> silent = new ArrayList<>();
    for (int iteration = 0; iteration < 40; iteration++) {
      for (TrainingTelemetry report : trainer.iteration(iteration)) {
        if (report.stage() != 3 || iteration < 2) {
          silent.addAll(watch.observe(report, report.at()).silent());
        }
      }
    }
    assertThat(silent).containsExactly(new SilentStage(0, 3, 1));
  }
}
