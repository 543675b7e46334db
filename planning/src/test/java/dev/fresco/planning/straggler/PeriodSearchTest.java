package dev.fresco.planning.straggler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeriodSearchTest {
  private static Sample at(double millis) {
    Instant at = Instant.EPOCH.plusNanos((long) (1e6 * millis));
    return new Sample("stage 0", OperationKind.FORWARD, at, 10);
  }

  /** Operations every 20 ms, 10 % of it noise, and 60 ms more between iterations. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 7, 12, 24, 48})
  void findsTheIterationInItsGaps(int microbatches) {
    for (int seed = 0; seed < 50; seed++) {
      Random random = new Random(seed);
      PeriodSearch search = new PeriodSearch();
      double now = 0;
      for (int i = 0; !search.isOver(); i++) {
        search.add(at(now));
        now += 20 * (1 + .1 * random.nextGaussian()) + ((i + 1) % microbatches == 0 ? 60 : 0);
      }
      assertThat(search.samplesPerIteration()).as("seed %d", seed).isEqualTo(microbatches);
      assertThat(search.inOrder()).hasSize(PeriodSearch.SAMPLES);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void samplesInAnyOrderAndTwiceAreTheSame(long seed) {
    Random random = new Random(seed);
    PeriodSearch search = new PeriodSearch();
    while (!search.isOver()) {
      int i = random.nextInt(PeriodSearch.SAMPLES);
      search.add(at(10 * i + 50 * (i / 8)));
    }
    assertThat(search.samplesPerIteration()).isEqualTo(8);
    assertThat(search.inOrder()).isSortedAccordingTo((a, b) -> a.at().compareTo(b.at()));
  }
}
