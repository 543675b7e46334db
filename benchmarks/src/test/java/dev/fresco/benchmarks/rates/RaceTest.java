package dev.fresco.benchmarks.rates;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.benchmarks.rates.Race.Finish;
import dev.fresco.benchmarks.rates.Race.Runner;
import java.util.List;
import org.junit.jupiter.api.Test;

class RaceTest {
  private static final long MILLISECOND = 1_000_000;

  /** Takes so many milliseconds, one after the other, and then always the last. */
  private static final class Track {
    private final long[] times;
    private int runs;

    Track(long... times) {
      this.times = times;
    }

    long run() {
      return times[Math.min(runs++, times.length - 1)] * MILLISECOND;
    }
  }

  @Test
  void theShortestTimeWins() {
    Track steady = new Track(900, 100, 99, 98);
    Track improves = new Track(900, 140, 120, 90);

    assertThat(race(steady, improves)).isEqualTo(new Finish("1", 90 * MILLISECOND));
  }

  @Test
  void theFirstRunDoesNotCount() {
    assertThat(race(new Track(1, 100), new Track(50, 99)))
        .isEqualTo(new Finish("1", 99 * MILLISECOND));
  }

  @Test
  void whoIsFarBehindRunsNoMore() {
    Track ahead = new Track(0, 100);
    Track behind = new Track(0, 151, 1);

    assertThat(race(ahead, behind)).isEqualTo(new Finish("0", 100 * MILLISECOND));
    assertThat(ahead.runs).isEqualTo(4);
    assertThat(behind.runs).isEqualTo(2);
  }

  @Test
  void whatIsShortRunsMoreOften() {
    Track middling = new Track(6);
    Track none = new Track(0);

    race(middling, new Track(100));
    race(none, new Track(100));

    assertThat(middling.runs).isEqualTo(11);
    assertThat(none.runs).isEqualTo(31);
  }

  private static Finish race(Track first, Track second) {
    return Race.run(List.of(new Runner("0", first::run), new Runner("1", second::run)));
  }
}
