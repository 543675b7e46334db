package dev.fresco.planning.straggler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.planning.straggler.SyntheticTrace.Scenario;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What a detector finds in synthetic traces. With {@code -Dfresco.straggler.traces=1000} in that
 * many, and it prints the figures.
 */
class SyntheticTracesTest {
  private static final Integer ASKED = Integer.getInteger("fresco.straggler.traces");
  private static final int TRACES = ASKED == null ? 60 : ASKED;

  /** Of twenty traces, these are an hour or of means. */
  private static final int HOURS = 1;

  private static final int MEANS = 4;

  private static Scenario scenario(int seed) {
    int turn = seed % 20;
    return turn < HOURS ? Scenario.HOUR : turn < HOURS + MEANS ? Scenario.MEANS : Scenario.DELAYS;
  }

  /** Every other one has to find the iterations first, where samples are passes. */
  private static StragglerDetector detector(SyntheticTrace trace, int seed) {
    return trace.samplesPerIteration > 1 && seed % 2 == 1
        ? StragglerDetector.findingIterations()
        : StragglerDetector.of(trace.samplesPerIteration);
  }

  private static void print(String title, DetectionScore score) {
    if (ASKED != null) {
      System.out.println("== " + title + "\n" + score);
    }
  }

  @Test
  void findsDelaysAndNothingElse() {
    Map<Scenario, DetectionScore> each = new EnumMap<>(Scenario.class);
    for (int seed = 0; seed < TRACES; seed++) {
      SyntheticTrace trace = new SyntheticTrace(scenario(seed), seed);
      each.computeIfAbsent(trace.scenario, first -> new DetectionScore())
          .add(trace, detector(trace, seed));
    }
    DetectionScore all = new DetectionScore();
    each.values().forEach(all::add);
    each.forEach((scenario, score) -> print(scenario.name(), score));
    print("all", all);
    assertThat(all.delays).as("delays").isGreaterThan(2 * TRACES);
    assertThat(all.recall()).as("recall\n%s", all).isGreaterThanOrEqualTo(.98);
    assertThat(all.precision()).as("precision\n%s", all).isGreaterThanOrEqualTo(.98);
    assertThat(all.healRecall()).as("healing\n%s", all).isGreaterThanOrEqualTo(.98);
    assertThat(all.wrongEnds).as("ends\n%s", all).isLessThanOrEqualTo(all.alarms / 50);
  }

  @Test
  void isQuietWhereNothingIsSlow() {
    DetectionScore quiet = new DetectionScore();
    int traces = ASKED == null ? 25 : ASKED;
    for (int seed = 0; seed < traces; seed++) {
      SyntheticTrace trace = new SyntheticTrace(Scenario.QUIET, seed);
      quiet.add(trace, detector(trace, seed));
    }
    print("quiet", quiet);
    assertThat(quiet.iterations).isGreaterThanOrEqualTo(10_000);
    assertThat(quiet.falseAlarms() * 10_000. / quiet.iterations).as("%s", quiet).isLessThan(1);
  }
}
