package dev.fresco.planning.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressPaceTest {

  @ParameterizedTest
  @CsvSource({
    // seconds since the start, since the last time; due
    "0, , true",
    "50, 0.9, false",
    "50, 1, true",
    "1000, 9.9, false",
    "1000, 10, true",
    "100000, 29.9, false",
    "100000, 30, true"
  })
  void thePauseGrowsWithTheJob(double since, Double told, boolean due) {
    Instant now = Jobs.START.plusMillis((long) (since * 1000));
    Instant last = told == null ? null : now.minusMillis((long) (told * 1000));
    assertThat(ProgressPace.isDue(Jobs.START, last, now)).isEqualTo(due);
  }

  @Test
  void aLongJobTellsLittle() {
    Instant told = null;
    int times = 0;
    for (int second = 0; second < Duration.ofDays(1).toSeconds(); second++) {
      Instant now = Jobs.START.plusSeconds(second);
      if (ProgressPace.isDue(Jobs.START, told, now)) {
        told = now;
        times++;
      }
    }
    assertThat(times).isBetween(3_000, 3_300);
  }
}
