package dev.fresco.planning.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdaptiveScheduleTest {
  private static final int[] DELAYS = {0, 10, 20, 30};

  private static AdaptivePlan plan(String warmups) {
    return new AdaptivePlan(Arrays.stream(warmups.split(" ")).map(Integer::valueOf).toList());
  }

  private static PipelineShape delayed(PipelineShape healthy, int link, double delay) {
    return healthy.withLink(link, Link.delegated(delay));
  }

  /** A schedule made without delay and replayed with it: only the arrivals are later. */
  @ParameterizedTest(name = "warm-ups {0}, link {1}")
  @CsvSource({
    "7 5 3 1, 0, 390 400 440 500",
    "7 5 3 1, 2, 390 400 480 560",
    "4 3 2 1, 0, 390 490 590 690",
  })
  void fixedSchedulesOfFourStages(String warmups, int link, String makespans) {
    PipelineShape healthy = Pipelines.tens(4, 12);
    Schedule schedule = AdaptiveSchedule.of(plan(warmups), healthy);
    String[] expected = makespans.split(" ");
    for (int i = 0; i < DELAYS.length; i++) {
      assertThat(ScheduleSimulation.run(schedule, delayed(healthy, link, DELAYS[i])).makespan())
          .isEqualTo(Double.parseDouble(expected[i]));
    }
  }

  /** The same where the link blocks its senders: slackness is of no use, they cannot run ahead. */
  @ParameterizedTest(name = "warm-ups {0}, link {1}")
  @CsvSource({
    "7 5 3 1, 0, 390 540 710 880",
    "9 5 3 1, 0, 390 540 710 880",
    "7 5 3 1, 2, 390 520 650 780",
    "4 3 2 1, 0, 390 520 670 820",
  })
  void fixedSchedulesOnBlockingLinks(String warmups, int link, String makespans) {
    PipelineShape healthy = Pipelines.tens(4, 12);
    Schedule schedule = AdaptiveSchedule.of(plan(warmups), healthy);
    String[] expected = makespans.split(" ");
    for (int i = 0; i < DELAYS.length; i++) {
      PipelineShape shape = healthy.withLink(link, Link.blocking(DELAYS[i]));
      assertThat(ScheduleSimulation.run(schedule, shape).makespan())
          .isEqualTo(Double.parseDouble(expected[i]));
    }
  }

  @ParameterizedTest(name = "delay {0}")
  @CsvSource({
    " 0, 7 5 3 1, 390",
    "10, 7 5 3 1, 400",
    "20, 8 5 3 1, 410",
    "30, 9 5 3 1, 420",
  })
  void adaptedSchedulesOfFourStages(double delay, String warmups, double makespan) {
    PipelineShape shape = delayed(Pipelines.tens(4, 12), 0, delay);
    AdaptivePlan plan = AdaptivePlan.adapted(shape);
    assertThat(plan).isEqualTo(plan(warmups));
    assertThat(ScheduleSimulation.run(AdaptiveSchedule.of(plan, shape), shape).makespan())
        .isEqualTo(makespan);
  }

  @ParameterizedTest(name = "delay {0}")
  @CsvSource({
    "10,  800, 800",
    "20,  960, 810",
    "30, 1120, 820",
    "60, 1600, 850",
  })
  void eightStagesWithTheLastLinkDelayed(double delay, double fixed, double adapted) {
    PipelineShape healthy = Pipelines.tens(8, 24);
    Schedule schedule = AdaptiveSchedule.of(plan("15 13 11 9 7 5 3 1"), healthy);
    PipelineShape shape = delayed(healthy, 6, delay);
    assertThat(ScheduleSimulation.run(schedule, shape).makespan()).isEqualTo(fixed);
    Schedule changed = AdaptiveSchedule.of(AdaptivePlan.adapted(shape), shape);
    assertThat(ScheduleSimulation.run(changed, shape).makespan()).isEqualTo(adapted);
  }

  @ParameterizedTest(name = "{0} stages, {1} fit")
  @CsvSource({
    "4,  7, 7 5 3 1",
    "4,  9, 9 6 3 1",
    "4,  8, 8 5 3 1",
    "4,  4, 4 3 2 1",
    "4,  2, 2 1 1 1",
    "4,  1, 1 1 1 1",
    "4, 99, 12 8 4 1",
    "1,  5, 5",
  })
  void theFirstPlanSpreadsWhatFits(int stages, double limit, String warmups) {
    PipelineShape shape = Pipelines.tens(stages, 12).withMemoryLimit(limit);
    assertThat(AdaptivePlan.initial(shape)).isEqualTo(plan(warmups));
  }

  @Test
  void unequalStagesNeedSlacknessForTheTimeOfTheStageBehind() {
    PipelineShape shape =
        new PipelineShape(
            20,
            List.of(StageCost.of(30, 31, 1), StageCost.of(10, 10, 1), StageCost.of(10, 10, 1)),
            List.of(Link.HEALTHY, Link.delegated(25)));
    assertThat(AdaptivePlan.adapted(shape)).isEqualTo(plan("9 5 1"));
  }

  @Test
  void theExampleOfTheClass() {
    assertThat(AdaptiveSchedule.of(plan("3 1"), Pipelines.tens(2, 3)))
        .hasToString("F0 F1 F2 B0 W0 B1 W1 B2 W2\nF0 B0 F1 B1 F2 B2 W0 W1 W2");
  }

  @Test
  void refusesPlansThatAreNone() {
    assertThatThrownBy(() -> plan("2 3"))
        .hasMessageContaining("the warm-up of stage 1 is 3; it must be at most that of");
    assertThatThrownBy(() -> plan("2 0")).hasMessageContaining("the warm-up of stage 1 is 0");
    assertThatThrownBy(() -> AdaptiveSchedule.of(plan("2 1"), Pipelines.tens(3, 2)))
        .hasMessageContaining("the plan is for 2 stages of 3");
  }
}
