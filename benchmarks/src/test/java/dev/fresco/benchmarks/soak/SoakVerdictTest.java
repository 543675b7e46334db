package dev.fresco.benchmarks.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SoakVerdictTest {
  private static final MemoryReading EARLY = reading(2000, 3000, 40, 5);

  private static MemoryReading reading(long inUse, long allocated, long tensors, long values) {
    return new MemoryReading(inUse, allocated, 700, 1000, tensors, values);
  }

  private static SoakVerdict verdict(MemoryReading end) {
    return new SoakVerdict(EARLY, end, 0.02);
  }

  @Test
  void growthIsThatOfMemoryInUse() {
    assertThat(verdict(reading(2030, 3000, 40, 5)).growth()).isCloseTo(0.015, within(1e-9));
    assertThat(verdict(reading(1900, 3100, 40, 5)).growth()).isCloseTo(-0.05, within(1e-9));
    assertThat(verdict(reading(1900, 3100, 40, 5)).residentGrowth()).isCloseTo(0.05, within(1e-9));
  }

  @Test
  void withinTheLimitNothingLeaks() {
    assertThat(verdict(reading(2039, 3900, 40, 5)).leaks()).isEmpty();
    assertThat(verdict(reading(500, 3000, 39, 4)).leaks()).isEmpty();
  }

  @Test
  void eachLeakIsNamed() {
    assertThat(verdict(reading(2042, 3000, 40, 5)).leaks())
        .containsExactly("native memory grew by 2.1 %; the limit is 2.0 %");
    assertThat(verdict(reading(2000, 3000, 41, 6)).leaks())
        .containsExactly("native tensors grew from 40 to 41", "kernel values grew from 5 to 6");
  }
}
