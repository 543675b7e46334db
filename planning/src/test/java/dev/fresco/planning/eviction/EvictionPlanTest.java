package dev.fresco.planning.eviction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.planning.eviction.EvictionPlan.Kept;
import dev.fresco.planning.eviction.EvictionPlan.Outcome;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EvictionPlanTest {
  private static Kept kept(String id, long bytes, long lastUsed) {
    return new Kept(id, bytes, lastUsed, false);
  }

  private static Kept pinned(String id, long bytes, long lastUsed) {
    return new Kept(id, bytes, lastUsed, true);
  }

  static Stream<Arguments> cases() {
    return Stream.of(
        Arguments.of("empty", 10, List.of(), Outcome.FITS, List.of()),
        Arguments.of("larger", 11, List.of(), Outcome.LARGER_THAN_THE_LIMIT, List.of()),
        Arguments.of("room", 4, List.of(kept("a", 6, 1)), Outcome.FITS, List.of()),
        Arguments.of(
            "the oldest", 4, List.of(kept("a", 5, 2), kept("b", 5, 1)), Outcome.FITS, List.of("b")),
        Arguments.of(
            "a tie", 4, List.of(kept("b", 5, 1), kept("a", 5, 1)), Outcome.FITS, List.of("a")),
        Arguments.of(
            "pinned", 4, List.of(pinned("a", 5, 1), kept("b", 5, 2)), Outcome.FITS, List.of("b")),
        Arguments.of("all pinned", 6, List.of(pinned("a", 5, 1)), Outcome.PINNED, List.of()),
        Arguments.of(
            "not enough leaves nothing",
            6,
            List.of(pinned("a", 5, 1), kept("b", 3, 2)),
            Outcome.PINNED,
            List.of()),
        Arguments.of(
            "the needless stay",
            6,
            List.of(kept("a", 2, 1), kept("b", 7, 2), kept("c", 1, 3)),
            Outcome.FITS,
            List.of("b")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void plans(String what, long bytes, List<Kept> kept, Outcome outcome, List<String> evicted) {
    assertThat(EvictionPlan.forBytes(bytes, 10, kept))
        .isEqualTo(new EvictionPlan(outcome, evicted));
  }

  @Test
  void aPlanMakesRoomWithNothingNeedless() {
    for (int seed = 0; seed < 2000; seed++) {
      aPlanMakesRoomWithNothingNeedless(new Random(seed));
    }
  }

  private static void aPlanMakesRoomWithNothingNeedless(Random random) {
    List<Kept> kept = new ArrayList<>();
    for (int i = random.nextInt(12); i > 0; i--) {
      kept.add(new Kept("r" + i, random.nextInt(20), random.nextInt(8), random.nextInt(4) == 0));
    }
    long limit = random.nextInt(120);
    long bytes = random.nextInt(60);
    EvictionPlan plan = EvictionPlan.forBytes(bytes, limit, kept);

    Set<String> leaving = new HashSet<>(plan.evicted());
    long pinned = kept.stream().filter(Kept::pinned).mapToLong(Kept::bytes).sum();
    assertThat(plan.outcome() == Outcome.FITS).isEqualTo(pinned + bytes <= limit);
    assertThat(kept).noneMatch(one -> one.pinned() && leaving.contains(one.id()));
    long staying =
        kept.stream().filter(one -> !leaving.contains(one.id())).mapToLong(Kept::bytes).sum();
    if (plan.outcome() == Outcome.FITS) {
      assertThat(staying + bytes).isLessThanOrEqualTo(limit);
      assertThat(kept)
          .filteredOn(one -> leaving.contains(one.id()))
          .allMatch(one -> staying + one.bytes() + bytes > limit);
    } else {
      assertThat(leaving).isEmpty();
    }
  }
}
