package dev.fresco.planning.straggler;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecentMillisTest {
  private static RecentMillis upTo(int count) {
    RecentMillis recent = new RecentMillis();
    for (int i = 1; i <= count; i++) {
      recent.add(i);
    }
    return recent;
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 1.5", "3, 2", "32, 16.5", "33, 17.5", "100, 84.5"})
  void isTheMedianOfTheLast32(int count, double median) {
    assertThat(upTo(count).median()).isEqualTo(median);
  }

  @Test
  void keepsTheNewestOnly() {
    RecentMillis recent = upTo(40);
    recent.keep(3);
    assertThat(recent.median()).isEqualTo(39);
    recent.add(100);
    assertThat(recent.median()).isEqualTo(39.5);
    recent.keep(50);
    assertThat(recent.median()).isEqualTo(39.5);
  }

  @Test
  void aFewOutliersDoNotShow() {
    RecentMillis recent = upTo(0);
    for (int i = 0; i < 32; i++) {
      recent.add(i % 5 == 0 ? 1e6 : 7);
    }
    assertThat(recent.median()).isEqualTo(7);
  }
}
