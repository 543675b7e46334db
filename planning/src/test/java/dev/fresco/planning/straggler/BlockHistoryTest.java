package dev.fresco.planning.straggler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlockHistoryTest {
  private static BlockHistory blocks(int count) {
    BlockHistory history = new BlockHistory();
    for (int i = 0; i < count; i++) {
      history.add(new Block(Instant.ofEpochSecond(i), i));
    }
    return history;
  }

  @ParameterizedTest
  @CsvSource({"1, false", "31, false", "32, true", "33, true", "100, true"})
  void knowsTheLast(int count, boolean full) {
    BlockHistory history = blocks(count);
    assertThat(history.isFull()).isEqualTo(full);
    assertThat(history.back(1).logMillis()).isEqualTo(count - 1);
    assertThat(history.mean(1)).isEqualTo(count - 1);
    if (full) {
      assertThat(history.back(BlockHistory.LENGTH).logMillis()).isEqualTo(count - 32);
      assertThat(history.mean(BlockHistory.LENGTH)).isEqualTo(count - 16.5);
    }
  }

  @ParameterizedTest
  @CsvSource({"10, 9, 9", "10, 7, 8", "10, 0, 4.5", "100, 90, 94.5", "100, 0, 83.5"})
  void meansSinceATime(int count, int second, double mean) {
    assertThat(blocks(count).meanSince(Instant.ofEpochSecond(second))).hasValue(mean);
    assertThat(blocks(count).meanSince(Instant.ofEpochSecond(count))).isEmpty();
  }
}
