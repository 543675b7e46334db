package dev.fresco.benchmarks.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class StepTimesTest {
  private static final StepTimes ALONE =
      new StepTimes(1, new long[] {9_000_000, 1_000_000, 2_000_000});
  private static final StepTimes PAIR = new StepTimes(2, new long[] {4_000_000, 2_000_000});

  @Test
  void takesTheMiddle() {
    assertThat(ALONE.medianMilliseconds()).isEqualTo(2);
    assertThat(ALONE.leastMilliseconds()).isEqualTo(1);
    assertThat(ALONE.mostMilliseconds()).isEqualTo(9);
    assertThat(PAIR.medianMilliseconds()).isEqualTo(3);
  }

  @Test
  void comparesWithOneByOne() {
    assertThat(PAIR.against(ALONE)).isEqualTo(0.75);
  }

  @Test
  void needsAStep() {
    assertThatThrownBy(() -> new StepTimes(1, new long[0]))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
