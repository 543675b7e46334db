package dev.fresco.planning.straggler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.planning.straggler.SyntheticTrace.Scenario;
import org.junit.jupiter.api.Test;

/** {@code ./fresco bench stragglers} does the same for more traces and prints figures. */
class SyntheticTracesTest {
  private static final int TRACES = 60;

  @Test
  void findsDelaysAndNothingElse() {
    DetectionScore all = new DetectionScore();
    for (int seed = 0; seed < TRACES; seed++) {
      SyntheticTrace trace = new SyntheticTrace(Scenario.ofTurn(seed), seed);
      all.add(trace, trace.detector());
    }
    assertThat(all.delays).as("delays").isGreaterThan(2 * TRACES);
    assertThat(all.recall()).as("recall\n%s", all).isGreaterThanOrEqualTo(.98);
    assertThat(all.precision()).as("precision\n%s", all).isGreaterThanOrEqualTo(.98);
    assertThat(all.healRecall()).as("healing\n%s", all).isGreaterThanOrEqualTo(.98);
    assertThat(all.wrongEnds).as("ends\n%s", all).isLessThanOrEqualTo(all.alarms / 50);
  }

  @Test
  void isQuietWhereNothingIsSlow() {
    DetectionScore quiet = new DetectionScore();
    for (int seed = 0; seed < 25; seed++) {
      SyntheticTrace trace = new SyntheticTrace(Scenario.QUIET, seed);
      quiet.add(trace, trace.detector());
    }
    assertThat(quiet.iterations).isGreaterThanOrEqualTo(10_000);
    assertThat(quiet.falseAlarmRate()).as("%s", quiet).isLessThan(1);
  }
}
