package dev.fresco.benchmarks.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class StepTimesTest {
  private static final StepTimes ALONE =
      new StepTimes(1, new long[] {9_000_000, 1_000_000, 2_000_000}, 11_400_000, 6);
  private static final StepTimes PAIR =
      new StepTimes(2, new long[] {4_000_000, 2_000_000}, 6_000_000, 4);

  @Test
  void takesTheMiddle() {
    assertThat(ALONE.medianMilliseconds()).isEqualTo(2);
    assertThat(ALONE.leastMilliseconds()).isEqualTo(1);
    assertThat(ALONE.mostMilliseconds()).isEqualTo(9);
    assertThat(PAIR.medianMilliseconds()).isEqualTo(3);
  }

  @Test
  void comparesWithKernelsAndWithOneByOne() {
    assertThat(ALONE.outsideKernels()).isCloseTo(0.05, within(1e-12));
    assertThat(ALONE.kernelCallsPerStep()).isEqualTo(2);
    assertThat(PAIR.against(ALONE)).isEqualTo(0.75);
  }

  @Test
  void needsAStep() {
    assertThatThrownBy(() -> new StepTimes(1, new long[0], 0, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
