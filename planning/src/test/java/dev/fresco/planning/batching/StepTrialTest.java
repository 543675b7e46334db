package dev.fresco.planning.batching;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StepTrialTest {
  private static final Exception REASON = new Exception("reason");

  /** Members are letters; a capital one has a load of 4, others of 1. */
  private static MemberId member(char letter) {
    return new MemberId(String.valueOf(letter), 0);
  }

  private static List<MemberId> members(String letters) {
    return letters.chars().mapToObj(letter -> member((char) letter)).toList();
  }

  private static String letters(List<MemberId> members) {
    return members.stream().map(MemberId::jobId).collect(Collectors.joining());
  }

  private static long load(MemberId member) {
    return Character.isUpperCase(member.jobId().charAt(0)) ? 4 : 1;
  }

  /** What an engine does that has so much memory and does not bear some members. */
  private record Engine(long memory, Set<MemberId> unbearable, ToLongFunction<MemberId> load) {
    StepTrial run(StepTrial trial, List<List<MemberId>> attempts) {
      StepTrial now = trial;
      while (!now.isOver()) {
        attempts.add(now.next());
        if (now.next().stream().mapToLong(load).sum() > memory) {
          now = now.nextRefused(REASON);
        } else if (now.next().stream().anyMatch(unbearable::contains)) {
          now = now.nextFailed(REASON);
        } else {
          now = now.nextAdvanced();
        }
      }
      return now;
    }
  }

  @ParameterizedTest(name = "{0} in {1} without {2}: {3}")
  @CsvSource(
      nullValues = "-",
      value = {
        "abcd,     9, -, abcd,                               -",
        "abcd,     2, -, abcd|ab|cd,                         -",
        "abc,      2, -, abc|ab|c,                           -",
        "abcdefgh, 3, -, abcdefgh|abcd|ab|cd|efgh|ef|gh,     -",
        "aBcd,     3, -, aBcd|aB|a|B|cd,                     B",
        "BcD,      4, -, BcD|Bc|B|c|D,                       -",
        "B,        3, -, B,                                  B",
        "abcd,     9, c, abcd|a|b|c|d,                       c",
        "abcd,     2, c, abcd|ab|cd|c|d,                     c",
        "aBcd,     3, d, aBcd|aB|a|B|cd|c|d,                 Bd",
        "abcd,     0, -, abcd|ab|a|b|cd|c|d,                 abcd"
      })
  void onlyWhoFailsAloneFails(
      String letters, long memory, String unbearable, String attempts, String failed) {
    Set<MemberId> faults = Set.copyOf(members(unbearable == null ? "" : unbearable));
    List<List<MemberId>> seen = new ArrayList<>();
    StepTrial trial = StepTrial.of(members(letters), BatchRoom.unknown(), StepTrialTest::load);
    StepTrial over = new Engine(memory, faults, StepTrialTest::load).run(trial, seen);

    assertThat(seen.stream().map(StepTrialTest::letters)).containsExactly(attempts.split("\\|"));
    Set<MemberId> expected = Set.copyOf(members(failed == null ? "" : failed));
    assertThat(over.failed().keySet()).isEqualTo(expected);
    List<MemberId> others = new ArrayList<>(members(letters));
    others.removeAll(expected);
    assertThat(over.advanced()).containsExactlyElementsOf(others);
  }

  @Test
  void aMemberThatFailedKeepsItsReason() {
    Exception other = new Exception("other");
    StepTrial trial = StepTrial.of(members("ab"), BatchRoom.unknown(), StepTrialTest::load);
    StepTrial over = trial.nextRefused(REASON).nextRefused(REASON).nextFailed(other);
    assertThat(over.isOver()).isTrue();
    assertThat(over.failed()).isEqualTo(Map.of(member('a'), REASON, member('b'), other));
  }

  @Property
  void everyMemberAdvancesOnceOrFailsAndNobodyFailsWithoutFault(
      @ForAll @Size(min = 1, max = 24) List<@IntRange(min = 1, max = 9) Integer> loads,
      @ForAll @IntRange(max = 30) int memory,
      @ForAll Set<@IntRange(max = 23) Integer> faults,
      @ForAll @IntRange(min = 1, max = 40) int most) {
    List<MemberId> all =
        IntStream.range(0, loads.size()).mapToObj(i -> new MemberId("job" + i, i)).toList();
    ToLongFunction<MemberId> load = member -> loads.get(member.image());
    Set<MemberId> unbearable =
        all.stream().filter(each -> faults.contains(each.image())).collect(Collectors.toSet());
    Set<MemberId> hopeless =
        all.stream()
            .filter(each -> unbearable.contains(each) || load.applyAsLong(each) > memory)
            .collect(Collectors.toSet());
    List<List<MemberId>> attempts = new ArrayList<>();
    StepTrial over =
        new Engine(memory, unbearable, load)
            .run(StepTrial.of(all, new BatchRoom(most, 1), load), attempts);

    assertThat(over.failed().keySet()).isEqualTo(hopeless);
    List<MemberId> fine = new ArrayList<>(all);
    fine.removeAll(hopeless);
    assertThat(over.advanced()).containsExactlyElementsOf(fine);
    assertThat(attempts)
        .allMatch(each -> each.size() == 1 || each.stream().mapToLong(load).sum() <= most);
    assertThat(attempts).hasSizeLessThanOrEqualTo(2 * all.size());
  }

  @Test
  void theExampleOfTheRoomHolds() {
    List<MemberId> eight = members("abcdefgh");
    ToLongFunction<MemberId> one = member -> 1;
    Engine engine = new Engine(7, Set.of(), one);
    BatchRoom room = BatchRoom.unknown();
    List<List<MemberId>> attempts = new ArrayList<>();
    room = room.after(engine.run(StepTrial.of(eight, room, one), attempts), one);
    assertThat(room.most()).isEqualTo(4);
    for (int step = 0; step < BatchRoom.PATIENCE; step++) {
      attempts.clear();
      room = room.after(engine.run(StepTrial.of(eight, room, one), attempts), one);
      assertThat(attempts).isEqualTo(Arrays.asList(members("abcd"), members("efgh")));
    }
    assertThat(room.most()).isEqualTo(8);
    attempts.clear();
    room = room.after(engine.run(StepTrial.of(eight, room, one), attempts), one);
    assertThat(attempts).hasSize(3);
    assertThat(room.most()).isEqualTo(4);
  }
}
