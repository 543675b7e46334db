package dev.fresco.planning.straggler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunLengthPosteriorTest {
  private static final NormalGamma PRIOR = new NormalGamma(0, .05, 4, 4);
  private static final double HAZARD = .01;

  private static RunLengthPosterior after(double... values) {
    RunLengthPosterior posterior = RunLengthPosterior.of(PRIOR, HAZARD);
    for (double value : values) {
      posterior = posterior.observed(value);
    }
    return posterior;
  }

  /** Probability of every run length, from all ways to cut the values into runs. */
  private static double[] byTryingAll(List<Double> values) {
    int n = values.size();
    double[] weight = new double[n + 1];
    double all = 0;
    for (int cuts = 0; cuts < 1 << (n - 1); cuts++) {
      double log = 0;
      int run = 0;
      NormalGamma known = PRIOR;
      for (int i = 0; i < n; i++) {
        boolean begins = i > 0 && (cuts >> (i - 1) & 1) == 1;
        known = begins ? PRIOR : known;
        run = begins ? 1 : run + 1;
        log += i == 0 ? 0 : Math.log(begins ? HAZARD : 1 - HAZARD);
        log += known.logDensity(values.get(i));
        known = known.observed(values.get(i));
      }
      weight[run] += Math.exp(log);
      all += Math.exp(log);
    }
    for (int run = 0; run <= n; run++) {
      weight[run] /= all;
    }
    return weight;
  }

  @Property(tries = 200)
  void isWhatTryingAllRunsGives(
      @ForAll @Size(min = 1, max = 9) List<@DoubleRange(min = -8, max = 8) Double> values) {
    RunLengthPosterior posterior =
        after(values.stream().mapToDouble(Double::doubleValue).toArray());
    double[] expected = byTryingAll(values);
    double upTo = 0;
    for (int run = 1; run <= values.size(); run++) {
      upTo += expected[run];
      assertThat(posterior.atMost(run)).as("at most %d", run).isCloseTo(upTo, within(1e-9));
    }
    assertThat(expected[posterior.mostLikely()])
        .isCloseTo(Arrays.stream(expected).max().orElseThrow(), within(1e-9));
  }

  @Test
  void findsTheChangeOfTheExample() {
    RunLengthPosterior posterior =
        after(.3, -.9, .1, 1.1, -.4, .2, -1.2, .6, -.1, .5, 5.2, 4.4, 5.5);
    assertThat(posterior.mostLikely()).isEqualTo(3);
    assertThat(posterior.atMost(3)).isGreaterThan(.99);
    assertThat(posterior.atMost(2)).isLessThan(.05);
  }

  @Test
  void knowsNothingBeforeTheFirstValue() {
    assertThat(after().mostLikely()).isZero();
    assertThat(after().atMost(5)).isZero();
    assertThat(after(7).mostLikely()).isOne();
    assertThat(after(7).atMost(1)).isCloseTo(1, within(1e-12));
  }

  @Test
  void staysBoundedAndAProbability() {
    Random random = new Random(5);
    RunLengthPosterior posterior = after();
    for (int i = 0; i < 1_000; i++) {
      posterior = posterior.observed(random.nextGaussian());
    }
    assertThat(posterior.mostLikely()).isEqualTo(RunLengthPosterior.LONGEST);
    assertThat(posterior.atMost(RunLengthPosterior.LONGEST)).isCloseTo(1, within(1e-9));
    assertThat(posterior.atMost(RunLengthPosterior.LONGEST / 2)).isLessThan(.1);
  }

  /** Values that no run can explain leave probabilities, not NaN. */
  @Test
  void survivesTheImpossible() {
    RunLengthPosterior posterior = after(0, 0, 1e12, -1e12, 1e12, 0, 0, 0);
    assertThat(posterior.atMost(8)).isCloseTo(1, within(1e-9));
  }

  @Test
  void isAValue() {
    RunLengthPosterior before = after(0, 0, 0);
    double known = before.atMost(1);
    before.observed(50);
    assertThat(before.atMost(1)).isEqualTo(known);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1, -1, Double.NaN})
  void refusesHazardsThatAreNone(double hazard) {
    assertThatThrownBy(() -> RunLengthPosterior.of(PRIOR, hazard))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("hazard is " + hazard + "; it must be within 0 and 1");
  }
}
