package dev.fresco.planning.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BatchScheduleTest {
  private static final MemberId LONG = new MemberId("long", 0);
  private static final MemberId SHORT = new MemberId("short", 0);
  private static final MemberId LATE = new MemberId("late", 0);

  @Test
  void aShortPictureLeavesAndALateOneTakesItsPlace() {
    BatchSchedule schedule = BatchSchedule.empty().arrive(LONG, 3).arrive(SHORT, 1).arrive(LATE, 2);
    StepPlan first = schedule.plan(upTo(2), BatchRoom.unknown(), member -> 1);
    assertThat(first.stepping()).containsExactly(LONG, SHORT);
    StepOutcome done = new StepOutcome(first.stepping(), Map.of(), Map.of());
    assertThat(schedule.completedBy(done)).containsExactly(SHORT);

    StepPlan second = schedule.apply(first, done).plan(upTo(2), BatchRoom.unknown(), member -> 1);
    assertThat(second.joining()).containsExactly(LATE);
    assertThat(second.stepping()).containsExactly(LONG, LATE);
  }

  /** A picture that starts from another one may need fewer steps than the request made believe. */
  @Test
  void theEngineSaysHowManyStepsAMemberNeeds() {
    BatchSchedule schedule = BatchSchedule.empty().arrive(LONG, 3).arrive(SHORT, 2);
    StepPlan plan = schedule.plan(upTo(8), BatchRoom.unknown(), member -> 1);
    StepOutcome outcome = new StepOutcome(plan.stepping(), Map.of(), Map.of(LONG, 4, SHORT, 1));
    assertThat(schedule.completedBy(outcome)).containsExactly(SHORT);
    assertThat(schedule.apply(plan, outcome).running())
        .isEqualTo(Map.of(LONG, new BatchSchedule.Progress(1, 4)));
  }

  @Test
  void aFailedMemberLeavesAndItsMatesStay() {
    BatchSchedule schedule = BatchSchedule.empty().arrive(LONG, 3).arrive(SHORT, 2);
    StepPlan plan = schedule.plan(upTo(8), BatchRoom.unknown(), member -> 1);
    StepOutcome outcome =
        new StepOutcome(List.of(LONG), Map.of(SHORT, new Exception("no")), Map.of());
    assertThat(schedule.apply(plan, outcome).running().keySet()).containsExactly(LONG);
  }

  @Test
  void aCancelledJobLosesItsPlacesAndItsWaitingPictures() {
    MemberId second = new MemberId("long", 1);
    BatchSchedule schedule = BatchSchedule.empty().arrive(LONG, 3).arrive(second, 3);
    StepPlan plan = schedule.plan(upTo(1), BatchRoom.unknown(), member -> 1);
    schedule = schedule.apply(plan, new StepOutcome(plan.stepping(), Map.of(), Map.of()));
    assertThat(schedule.runningOf(Set.of("long"))).containsExactly(LONG);
    assertThat(schedule.without(Set.of("long")).isIdle()).isTrue();
  }

  @Test
  void theSamePictureCannotComeTwice() {
    BatchSchedule schedule = BatchSchedule.empty().arrive(LONG, 3);
    assertThatThrownBy(() -> schedule.arrive(LONG, 3)).hasMessageContaining("long#0");
  }

  @Property
  void theBatchIsFullWhileThereIsWorkAndEverythingEnds(
      @ForAll @Size(min = 1, max = 40) List<@IntRange(min = 1, max = 12) Integer> steps,
      @ForAll @IntRange(min = 1, max = 9) int slots) {
    BatchSchedule schedule = BatchSchedule.empty();
    for (int i = 0; i < steps.size(); i++) {
      schedule = schedule.arrive(new MemberId("job" + i, 0), steps.get(i));
    }
    List<MemberId> completed = new ArrayList<>();
    int stepsTaken = 0;
    while (!schedule.isIdle()) {
      StepPlan plan = schedule.plan(upTo(slots), BatchRoom.unknown(), member -> 1);
      int left = schedule.running().size() + schedule.waiting().size();
      assertThat(plan.stepping()).hasSize(Math.min(slots, left)).doesNotHaveDuplicates();
      StepOutcome outcome = new StepOutcome(plan.stepping(), Map.of(), Map.of());
      completed.addAll(schedule.completedBy(outcome));
      schedule = schedule.apply(plan, outcome);
      stepsTaken += plan.stepping().size();
    }
    assertThat(completed).hasSize(steps.size()).doesNotHaveDuplicates();
    assertThat(stepsTaken).isEqualTo(steps.stream().mapToInt(Integer::intValue).sum());
  }

  @Test
  void inWholeBatchesNobodyJoinsUntilTheLastOneHasLeft() {
    BatchLimits limits = new BatchLimits(2, BatchLimits.Joining.REQUEST);
    BatchSchedule schedule = BatchSchedule.empty().arrive(LONG, 2).arrive(SHORT, 1).arrive(LATE, 1);
    List<List<MemberId>> steps = new ArrayList<>();
    while (!schedule.isIdle()) {
      StepPlan plan = schedule.plan(limits, BatchRoom.unknown(), member -> 1);
      steps.add(plan.stepping());
      schedule = schedule.apply(plan, new StepOutcome(plan.stepping(), Map.of(), Map.of()));
    }
    assertThat(steps).containsExactly(List.of(LONG, SHORT), List.of(LONG), List.of(LATE));
  }

  private static BatchLimits upTo(int slots) {
    return new BatchLimits(slots, BatchLimits.Joining.STEP);
  }
}
