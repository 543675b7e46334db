package dev.fresco.planning.batching;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchRoomTest {
  /** A member's load is its image's number. */
  private static List<MemberId> loads(String numbers) {
    int[] loads =
        numbers == null
            ? new int[0]
            : Arrays.stream(numbers.split(" ")).mapToInt(Integer::parseInt).toArray();
    return IntStream.range(0, loads.length)
        .mapToObj(i -> new MemberId("job" + i, loads[i]))
        .toList();
  }

  private static List<List<MemberId>> groups(String groups) {
    return groups == null
        ? List.of()
        : Arrays.stream(groups.split("\\|")).map(BatchRoomTest::loads).toList();
  }

  private static BatchRoom room(String most) {
    return most.equals("all") ? BatchRoom.unknown() : new BatchRoom(Long.parseLong(most), 1);
  }

  @ParameterizedTest(name = "in {0}, {2} refused and {1} fitted: {3}")
  @CsvSource(
      nullValues = "-",
      value = {
        "all, 1 1 1 1,     -,             all",
        "all, 4|4,         8,             4",
        "all, 2|2|4,       4 4|2 2,       2",
        "all, 3|2,         3 2,           3",
        "all, 1|1 1,       9|9 1,         4",
        "all, -,           8,             4",
        "all, -,           1,             1",
        "6,   2 2 2,       20,            6",
        "6,   3|3,         3 3,           3",
        "4,   4,           -,             8",
      })
  void theRoomFollowsTheAttempts(String most, String fitted, String refused, String after) {
    StepTrial trial = new StepTrial(List.of(), groups(fitted), groups(refused), Map.of());
    assertThat(room(most).after(trial, MemberId::image).most()).isEqualTo(room(after).most());
  }

  @Test
  void roomThatGrowsForLongIsForgotten() {
    StepTrial fine = new StepTrial(List.of(), List.of(), List.of(), Map.of());
    BatchRoom room = new BatchRoom(1, 1);
    for (int step = 0; step < 64 * BatchRoom.PATIENCE; step++) {
      room = room.after(fine, MemberId::image);
    }
    assertThat(room).isEqualTo(BatchRoom.unknown());
  }

  @ParameterizedTest(name = "{1} run, {2} wait, room {0}: {3} join")
  @CsvSource(
      nullValues = "-",
      value = {
        "all, 9 9, 9 9 9, 3",
        "4,   1 1, 1 1 1, 2",
        "4,   4,   1,     0",
        "4,   -,   9 1,   1",
        "4,   -,   1 9,   1",
        "4,   9,   1,     0",
        "4,   1,   -,     0",
      })
  void nobodyJoinsAboveTheRoomButOneAlone(
      String most, String running, String waiting, int joining) {
    assertThat(room(most).joining(loads(running), loads(waiting), MemberId::image))
        .isEqualTo(joining);
  }

  @ParameterizedTest(name = "{1} slots, {2} run, room {0}: {3}")
  @CsvSource(
      nullValues = "-",
      value = {"all, 8, 9 9, 8", "4, 8, 1 1, 4", "4, 8, 1 2, 2", "4, 8, 9, 1", "4, 8, -, 4"})
  void slotsAreThoseOfPicturesLikeTheLargest(String most, int slots, String running, int reported) {
    assertThat(room(most).slots(slots, loads(running), MemberId::image)).isEqualTo(reported);
  }

  @Test
  void whoIsDeferredWaitsBeforeAllOthers() {
    List<MemberId> members = loads("3 2 1");
    BatchSchedule schedule = BatchSchedule.empty();
    for (MemberId member : members) {
      schedule = schedule.arrive(member, 5);
    }
    StepPlan plan = schedule.plan(upTo(2), BatchRoom.unknown(), MemberId::image);
    StepOutcome outcome =
        new StepOutcome(
            List.of(members.get(0)), Map.of(), Map.of(members.get(0), 5), Set.of(members.get(1)));
    BatchSchedule after = schedule.apply(plan, outcome);
    assertThat(after.running().keySet()).containsExactly(members.get(0));
    assertThat(after.waiting().keySet()).containsExactly(members.get(1), members.get(2));
    assertThat(after.plan(upTo(2), new BatchRoom(4, 1), MemberId::image).joining()).isEmpty();
  }

  private static BatchLimits upTo(int slots) {
    return new BatchLimits(slots, BatchLimits.Joining.STEP);
  }
}
