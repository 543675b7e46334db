package dev.fresco.planning.straggler;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DegradationRulesTest {
  /** At 10 % it is a change, and above 10 % degraded. */
  @ParameterizedTest
  @CsvSource({
    "100, 100,   false, false",
    "100, 109.9, false, false",
    "100, 110,   true,  false",
    "100, 111,   true,  true",
    "100, 90.1,  false, false",
    "100, 90,    true,  false",
    "100, 0,     true,  false",
    "2,   3,     true,  true",
  })
  void tenPercent(double before, double after, boolean change, boolean degraded) {
    assertThat(DegradationRules.isChange(before, after)).isEqualTo(change);
    assertThat(DegradationRules.isDegraded(after, before)).isEqualTo(degraded);
  }
}
