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
  @CsvSource({"1, 1", "63, 63", "64, 64", "65, 64", "200, 64"})
  void knowsTheLast(int count, int size) {
    BlockHistory history = blocks(count);
    assertThat(history.size()).isEqualTo(size);
    assertThat(history.back(1).logMillis()).isEqualTo(count - 1);
    assertThat(history.back(size).logMillis()).isEqualTo(count - size);
    assertThat(history.mean(1)).isEqualTo(count - 1);
    assertThat(history.mean(size)).isEqualTo(count - (size + 1) / 2.);
  }

  @ParameterizedTest
  @CsvSource({"10, 2, 3, 6", "10, 2, 4, 5.5", "10, 8, 4, .5", "200, 40, 24, 147.5"})
  void medianOfThoseBefore(int count, int newest, int blocks, double median) {
    assertThat(blocks(count).medianBefore(newest, blocks)).isEqualTo(median);
  }

  @ParameterizedTest
  @CsvSource({"10, 9, 1", "10, 7, 3", "10, 0, 10", "10, 10, 0", "100, 90, 10", "100, 0, 64"})
  void countsThoseSinceATime(int count, int second, int blocks) {
    assertThat(blocks(count).since(Instant.ofEpochSecond(second))).isEqualTo(blocks);
  }
}
