package dev.fresco.planning.straggler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IterationSearchTest {
  private static Sample at(int stage, double millis) {
    Instant at = Instant.EPOCH.plusNanos((long) (1e6 * millis));
    return new Sample("stage " + stage, OperationKind.FORWARD, at, 10);
  }

  /** Every 20 ms an operation, 20 % of it noise; every fiftieth is lost. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8, 12, 24})
  void mostStagesKnow(int microbatches) {
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      IterationSearch search = new IterationSearch();
      for (int i = 0; !search.isOver(); i++) {
        for (int stage = 0; stage < 8; stage++) {
          double begin = 20 * i + 60 * (i / microbatches) + 4 * random.nextDouble();
          if (random.nextInt(50) > 0) {
            search.add(at(stage, begin));
          }
        }
      }
      assertThat(search.samplesPerIteration()).as("seed %d", seed).isEqualTo(microbatches);
    }
  }

  @Test
  void aStageThatIsSilentIsNotWaitedFor() {
    IterationSearch search = new IterationSearch();
    search.add(at(9, 5));
    for (int i = 0; i < 2 * PeriodSearch.SAMPLES; i++) {
      assertThat(search.isOver()).isEqualTo(i >= PeriodSearch.SAMPLES);
      search.add(at(0, 20 * i));
      search.add(at(1, 20 * i));
    }
    assertThat(search.samples()).hasSize(1 + 2 * PeriodSearch.SAMPLES);
    assertThat(search.samples()).isSortedAccordingTo((a, b) -> a.at().compareTo(b.at()));
  }

  @Test
  void forgetsAPlace() {
    IterationSearch search = new IterationSearch();
    search.add(at(0, 5));
    search.add(at(1, 6));
    search.forget("stage 0");
    assertThat(search.samples()).containsExactly(at(1, 6));
  }
}
