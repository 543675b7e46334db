package dev.fresco.benchmarks.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SoakVerdictTest {
  private static final MemoryReading EARLY = new MemoryReading(3000, 700, 1000, 40, 5);

  private static SoakVerdict verdict(MemoryReading end) {
    return new SoakVerdict(EARLY, end, 0.02);
  }

  @Test
  void growthIsThatOfNativeMemory() {
    assertThat(verdict(new MemoryReading(3030, 700, 1000, 40, 5)).growth())
        .isCloseTo(0.015, within(1e-9));
    assertThat(verdict(new MemoryReading(3000, 700, 1100, 40, 5)).growth())
        .isCloseTo(-0.05, within(1e-9));
  }

  @Test
  void withinTheLimitNothingLeaks() {
    assertThat(verdict(new MemoryReading(3039, 700, 1000, 40, 5)).leaks()).isEmpty();
    assertThat(verdict(new MemoryReading(1500, 700, 1000, 39, 4)).leaks()).isEmpty();
  }

  @Test
  void eachLeakIsNamed() {
    assertThat(verdict(new MemoryReading(3042, 700, 1000, 40, 5)).leaks())
        .containsExactly("native memory grew by 2.1 %; the limit is 2.0 %");
    assertThat(verdict(new MemoryReading(3000, 700, 1000, 41, 6)).leaks())
        .containsExactly("native tensors grew from 40 to 41", "kernel values grew from 5 to 6");
  }
}
