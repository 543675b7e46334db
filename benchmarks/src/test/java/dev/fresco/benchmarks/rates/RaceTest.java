package dev.fresco.benchmarks.rates;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.benchmarks.rates.Race.Finish;
import dev.fresco.benchmarks.rates.Race.Runner;
import java.util.List;
import org.junit.jupiter.api.Test;

class RaceTest {
  private static final class Track {
    private final long[] times;
    private int runs;

    Track(long... times) {
      this.times = times;
    }

    long run() {
      return times[runs++];
    }
  }

  @Test
  void theShortestTimeWins() {
    Track steady = new Track(900, 100, 99, 98);
    Track improves = new Track(900, 140, 120, 90);

    assertThat(race(3, steady, improves)).isEqualTo(new Finish("1", 90));
  }

  @Test
  void theFirstRunDoesNotCount() {
    assertThat(race(1, new Track(1, 100), new Track(50, 99))).isEqualTo(new Finish("1", 99));
  }

  @Test
  void whoIsFarBehindRunsNoMore() {
    Track ahead = new Track(0, 100, 100, 100);
    Track behind = new Track(0, 151);

    assertThat(race(3, ahead, behind)).isEqualTo(new Finish("0", 100));
    assertThat(ahead.runs).isEqualTo(4);
    assertThat(behind.runs).isEqualTo(2);
  }

  private static Finish race(int rounds, Track first, Track second) {
    return Race.run(List.of(new Runner("0", first::run), new Runner("1", second::run)), rounds);
  }
}
