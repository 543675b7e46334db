package dev.fresco.planning.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.contracts.training.TrainingDelay;
import dev.fresco.contracts.training.TrainingJob;
import dev.fresco.contracts.training.TrainingPlan;
import dev.fresco.contracts.training.TrainingSchedule;
import dev.fresco.planning.pipeline.AdaptivePlan;
import dev.fresco.planning.pipeline.AdaptiveSchedule;
import dev.fresco.planning.pipeline.Link;
import dev.fresco.planning.pipeline.PipelineShape;
import dev.fresco.planning.pipeline.ScheduleCheck;
import dev.fresco.planning.pipeline.ScheduleSimulation;
import dev.fresco.planning.pipeline.StageCost;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlanChoiceTest {
  private static final Instant NOW = Jobs.START.plusSeconds(9);
  private static final TrainingJob JOB = Jobs.adaptive(4, 12);
  private static final TrainingPlan HEALTHY = HealthySchedule.firstPlan(JOB);
  private static final StageCost STAGE = StageCost.of(10, 10, 10);

  private static PipelineTimes times(double... linkMillis) {
    List<PipelineTimes.LinkTimes> links = new ArrayList<>();
    for (double millis : linkMillis) {
      links.add(new PipelineTimes.LinkTimes(millis, millis));
    }
    return new PipelineTimes(Collections.nCopies(linkMillis.length + 1, STAGE), links);
  }

  private static TrainingDelay delay(String place, double slow) {
    return new TrainingDelay(place, "send_activation", NOW, null, 6, slow);
  }

  private static Optional<TrainingPlan> next(
      TrainingJob job, TrainingPlan inForce, PipelineTimes times, TrainingDelay... delays) {
    return PlanChoice.next(job, inForce, List.of(delays), times, 50, NOW);
  }

  private static double makespan(TrainingPlan plan, int link, double delay) {
    return ScheduleSimulation.run(
            ScheduleText.read(12, plan.stages()),
            PipelineShape.uniform(4, 12, STAGE)
                .withLink(link, new Link(delay, plan.delegates().get(link) > 0)))
        .makespan();
  }

  @Test
  void aSlowLinkIsDelegatedAndItsDelayPaidOnce() {
    TrainingPlan plan = next(JOB, HEALTHY, times(36, 6, 6), delay("link 0", 36)).orElseThrow();
    assertThat(plan.delegates()).containsExactly(4, 0, 0);
    assertThat(plan.number()).isEqualTo(1);
    assertThat(plan.fromIteration()).isEqualTo(50);
    assertThat(plan.at()).isEqualTo(NOW);
    assertThat(plan.name()).isEqualTo("adapted");
    assertThat(plan.delays()).containsExactly(delay("link 0", 36));
    assertThat(plan.reason()).isEqualTo("link 0: send_activation takes 36.0 ms instead of 6.0 ms");
    assertThat(makespan(HEALTHY, 0, 0)).isEqualTo(390);
    assertThat(makespan(HEALTHY, 0, 30)).isEqualTo(880);
    assertThat(makespan(plan, 0, 30)).isEqualTo(420);
  }

  @Test
  void everyPlanCanBeCarriedOut() {
    for (double slow : new double[] {10, 16, 36, 66, 300}) {
      TrainingPlan plan =
          next(JOB, HEALTHY, times(6, slow, slow), delay("link 1", slow), delay("link 2", slow))
              .orElseThrow();
      assertThat(
              ScheduleCheck.problems(
                  ScheduleText.read(12, plan.stages()), PipelineShape.uniform(4, 12, STAGE)))
          .isEmpty();
      assertThat(plan.delegates().get(0)).isZero();
      assertThat(plan.delegates().subList(1, 3)).allMatch(k -> k >= 1 && k <= 12);
    }
  }

  @Test
  void nothingChangesForLittle() {
    assertThat(next(JOB, HEALTHY, times(6.1, 6, 6), delay("link 0", 6.1))).isEmpty();
    TrainingPlan plan = next(JOB, HEALTHY, times(36, 6, 6), delay("link 0", 36)).orElseThrow();
    assertThat(next(JOB, plan, times(37, 6, 6), delay("link 0", 37))).isEmpty();
  }

  @Test
  void aLargerDelayIsPlannedAnew() {
    TrainingPlan plan = next(JOB, HEALTHY, times(16, 6, 6), delay("link 0", 16)).orElseThrow();
    TrainingPlan larger = next(JOB, plan, times(106, 6, 6), delay("link 0", 106)).orElseThrow();
    assertThat(makespan(larger, 0, 100)).isLessThan(makespan(plan, 0, 100));
    assertThat(larger.number()).isEqualTo(2);
  }

  @Test
  void aLinkThatHasHealedIsDelegatedNoLonger() {
    TrainingDelay first = delay("link 0", 36);
    TrainingDelay last = delay("link 2", 36);
    TrainingPlan both = next(JOB, HEALTHY, times(36, 6, 36), first, last).orElseThrow();
    assertThat(both.delegates()).containsExactly(4, 0, 4);
    TrainingPlan one = next(JOB, both, times(36, 6, 6), first).orElseThrow();
    assertThat(one.delegates()).containsExactly(4, 0, 0);
    TrainingPlan none = next(JOB, one, times(6, 6, 6)).orElseThrow();
    assertThat(none.name()).isEqualTo("healthy");
    assertThat(none.stages()).isEqualTo(HEALTHY.stages());
    assertThat(none.delegates()).containsExactly(0, 0, 0);
    assertThat(none.number()).isEqualTo(3);
    assertThat(next(JOB, none, times(6, 6, 6))).isEmpty();
  }

  @Test
  void ofTwoReplicasTheSlowerLinkCounts() {
    TrainingJob job = Jobs.of(4, 12, 2, TrainingSchedule.ADAPTIVE, null);
    TrainingPlan plan =
        next(
                job,
                HealthySchedule.firstPlan(job),
                times(36, 6, 6),
                delay("link 0", 16),
                delay("link 0 of replica 1", 36))
            .orElseThrow();
    assertThat(plan.delegates()).containsExactly(4, 0, 0);
    assertThat(plan.hosts()).isNull();
  }

  @Test
  void aPlanKeepsToTheJobsMemory() {
    TrainingJob small = Jobs.of(4, 12, 1, TrainingSchedule.ADAPTIVE, 4);
    TrainingPlan plan =
        next(small, HealthySchedule.firstPlan(small), times(36, 6, 6), delay("link 0", 36))
            .orElseThrow();
    assertThat(
            ScheduleCheck.problems(
                ScheduleText.read(12, plan.stages()),
                PipelineShape.uniform(4, 12, STAGE).withMemoryLimit(4)))
        .isEmpty();
  }

  /** Nothing is delegated, so activations stay where they are. */
  @Test
  void aSlowStageAloneDoesNotLetStagesGetFurtherAhead() {
    List<StageCost> stages = new ArrayList<>(Collections.nCopies(4, STAGE));
    stages.set(1, StageCost.of(14, 14, 14));
    PipelineTimes slow = new PipelineTimes(stages, times(6, 6, 6).links());
    TrainingDelay stage = new TrainingDelay("stage 1", "forward", NOW, null, 10, 14);
    next(JOB, HEALTHY, slow, stage)
        .ifPresent(
            plan ->
                assertThat(
                        ScheduleCheck.problems(
                            ScheduleText.read(12, plan.stages()),
                            PipelineShape.uniform(4, 12, STAGE).withMemoryLimit(7)))
                    .isEmpty());
    TrainingPlan withoutWarmup =
        new TrainingPlan(
            JOB.id(),
            NOW,
            0,
            0,
            "healthy",
            ScheduleText.of(
                AdaptiveSchedule.of(
                    new AdaptivePlan(List.of(1, 1, 1, 1)), PipelineShape.uniform(4, 12, STAGE))),
            List.of(0, 0, 0),
            List.of(),
            null,
            "to begin with");
    TrainingPlan better = next(JOB, withoutWarmup, slow, stage).orElseThrow();
    assertThat(
            ScheduleCheck.problems(
                ScheduleText.read(12, better.stages()),
                PipelineShape.uniform(4, 12, STAGE).withMemoryLimit(7)))
        .isEmpty();
  }

  @Test
  void aJobWithAScheduleOfItsOwnKeepsIt() {
    for (TrainingSchedule schedule :
        List.of(
            TrainingSchedule.ONE_F_ONE_B,
            TrainingSchedule.ZERO_BUBBLE_1P,
            TrainingSchedule.ZERO_BUBBLE_2P)) {
      TrainingJob job = Jobs.of(4, 12, 1, schedule, null);
      TrainingPlan first = HealthySchedule.firstPlan(job);
      assertThat(next(job, first, times(36, 6, 6), delay("link 0", 36))).isEmpty();
    }
  }

  /** Host 0 and host 4 sum the gradients of stage 0, and the way between them is slow. */
  @Test
  void aSlowPairOfReplicasMovesIntoThePipelineOrApart() {
    TrainingJob job = Jobs.of(4, 12, 2, TrainingSchedule.ADAPTIVE, null);
    TrainingDelay group =
        new TrainingDelay("group 0 of replica 0 to 1", "send_gradient", NOW, null, 30, 90);
    TrainingPlan plan =
        next(job, HealthySchedule.firstPlan(job), times(6, 6, 6), group).orElseThrow();
    HostPlacement placed = new HostPlacement(4, plan.hosts());
    assertThat(placed.tie(0, 4)).isEqualTo(HostPlacement.Tie.NONE);
    assertThat(plan.delays()).isEmpty();
    assertThat(plan.reason()).startsWith("hosts change places");
  }

  /** Each of two stages has two replicas: every host is tied to two of the three others. */
  @Test
  void whatGoesIntoThePipelineIsScheduledForAtOnce() {
    TrainingJob job = Jobs.of(2, 12, 2, TrainingSchedule.ADAPTIVE, null);
    List<TrainingDelay> delays = new ArrayList<>();
    delays.add(new TrainingDelay("group 0 of replica 0 to 1", "send_gradient", NOW, null, 30, 90));
    delays.add(new TrainingDelay("group 1 of replica 0 to 1", "send_gradient", NOW, null, 30, 90));
    delays.add(delay("link 0", 46));
    TrainingPlan plan =
        PlanChoice.next(job, HealthySchedule.firstPlan(job), delays, times(46), 50, NOW)
            .orElseThrow();
    HostPlacement placed = new HostPlacement(2, plan.hosts());
    List<HostPlacement.SlowPair> slow = HostDelays.pairs(delays, HostPlacement.first(2, 2));
    assertThat(placed.count(slow, HostPlacement.Tie.GROUP)).isLessThanOrEqualTo(1);
    assertThat(plan.delays()).isNotEmpty();
    assertThat(plan.delegates().get(0)).isPositive();
  }
}
