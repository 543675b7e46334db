package dev.fresco.planning.straggler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NormalGammaTest {
  @Test
  void learnsAsTheFormulasSay() {
    assertThat(new NormalGamma(0, 1, 1, 1).observed(2)).isEqualTo(new NormalGamma(1, 2, 1.5, 2));
  }

  /** Student's t of 8 degrees of freedom, and of 2 with squared scale 3, from its table. */
  @ParameterizedTest
  @CsvSource({
    "0, 1, 4, 4, 0, -1.296683",
    "0, 1, 4, 4, 2, -2.300829",
    "5, 1, 4, 4, 3, -2.300829",
    "0, .5, 1, 1, 0, -1.589027",
  })
  void predictsStudentsT(
      double mean, double kappa, double alpha, double beta, double value, double logDensity) {
    assertThat(new NormalGamma(mean, kappa, alpha, beta).logDensity(value))
        .isCloseTo(logDensity, within(1e-3));
  }

  @Property(tries = 50)
  void theDensityIsOne(
      @ForAll @DoubleRange(min = .01, max = 10) double kappa,
      @ForAll @DoubleRange(min = 3, max = 40) double alpha,
      @ForAll @DoubleRange(min = .01, max = 10) double variance) {
    NormalGamma known = new NormalGamma(1, kappa, alpha, alpha * variance);
    double scale = Math.sqrt(variance * (kappa + 1) / kappa);
    double sum = 0;
    for (double x = -60; x < 60; x += .01) {
      sum += .01 * Math.exp(known.logDensity(1 + scale * x));
    }
    assertThat(scale * sum).isCloseTo(1, within(2e-3));
  }

  /** The posterior's parameters from all values at once. */
  @Property
  void valuesOneByOneAreValuesAtOnce(
      @ForAll @Size(max = 20) List<@DoubleRange(min = -5, max = 5) Double> values) {
    NormalGamma learnt = new NormalGamma(1, 2, 3, 4);
    double sum = 0;
    double squares = 0;
    for (double value : values) {
      learnt = learnt.observed(value);
      sum += value;
      squares += value * value;
    }
    int n = values.size();
    double mean = (2 + sum) / (2 + n);
    assertThat(learnt.mean()).isCloseTo(mean, within(1e-9));
    assertThat(learnt.kappa()).isEqualTo(2 + n);
    assertThat(learnt.alpha()).isEqualTo(3 + n / 2.);
    assertThat(learnt.beta())
        .isCloseTo(4 + .5 * (squares + 2 - (2 + n) * mean * mean), within(1e-9));
  }

  @Test
  void forgetsSoThatItsMeanFollowsADrift() {
    NormalGamma learnt = new NormalGamma(0, 1, 4, 4);
    for (int i = 0; i < 10_000; i++) {
      learnt = learnt.observed(.01 * i);
    }
    assertThat(learnt.mean()).isCloseTo(100, within(1.));
    assertThat(learnt.kappa()).isLessThanOrEqualTo(NormalGamma.MEMORY);
    assertThat(learnt.beta() / learnt.alpha()).isLessThan(1);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, 1, kappa is 0.0; it must be above 0.0",
    "1, .5, 1, alpha is 0.5; the least is 1",
    "1, 1, 0, beta is 0.0; it must be above 0.0",
    "1, 1, NaN, beta is NaN; it must be above 0.0",
  })
  void refusesWhatIsNoDistribution(double kappa, double alpha, double beta, String message) {
    assertThatThrownBy(() -> new NormalGamma(0, kappa, alpha, beta))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
