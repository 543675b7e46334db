package dev.fresco.planning.straggler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IterationPeriodTest {
  private static double[] series(int length, IntToDoubleFunction value) {
    return IntStream.range(0, length).mapToDouble(value).toArray();
  }

  @ParameterizedTest(name = "{0} repeated {1} times")
  @CsvSource({
    "3 1 1 1,      4,  4",
    "3 1 1 1,      16, 4",
    "1 2,          8,  2",
    "7,            4,  1",
    "0,            9,  1",
    ".1 .1,        50, 1",
    "1 1 1 1 2 1 2 1 2 2 2 2, 5, 12",
    "1 2 1 2 1 2 1 9, 6, 8",
  })
  void findsThePeriod(String values, int times, int period) {
    double[] once = Arrays.stream(values.split(" ")).mapToDouble(Double::parseDouble).toArray();
    assertThat(IterationPeriod.of(series(times * once.length, i -> once[i % once.length])))
        .hasValue(period);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "1 2", "3 1 1", "3 1 1 1 3 1 1 1 3 1 1 1"})
  void whatIsNotThereFourTimesIsNone(String values) {
    double[] series =
        Arrays.stream(values.split(" "))
            .filter(value -> !value.isEmpty())
            .mapToDouble(Double::parseDouble)
            .toArray();
    assertThat(IterationPeriod.of(series)).isEmpty();
  }

  /** Neighbours are alike too, but lag 1 is no period. */
  @Test
  void aSmoothWaveHasItsOwnPeriod() {
    double[] wave = series(400, i -> Math.sin(2 * Math.PI * i / 40));
    assertThat(IterationPeriod.of(wave).orElse(0)).isBetween(38, 42);
  }

  @Test
  void noiseHasNoPeriod() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      assertThat(IterationPeriod.of(series(256, i -> random.nextGaussian()))).isEmpty();
    }
  }

  @Test
  void aDriftHasNoPeriodButThatOfAllAlike() {
    Random random = new Random(1);
    assertThat(IterationPeriod.of(series(256, i -> i + random.nextGaussian()))).isEmpty();
  }

  /** An iteration's first operation takes two and a half times as long as the rest. */
  @Property(tries = 300)
  void noiseOutliersAndDriftHideNoPeriod(
      @ForAll @IntRange(min = 4, max = 40) int period,
      @ForAll @DoubleRange(min = 0, max = .2) double noise,
      @ForAll @DoubleRange(min = -.2, max = .2) double drift,
      @ForAll long seed) {
    Random random = new Random(seed);
    double[] series =
        series(
            400,
            i ->
                (i % period == 0 ? 2.5 : 1)
                    + drift * i / 400
                    + (i % 131 == 7 ? .5 : 0)
                    + noise * random.nextGaussian() * .5);
    assertThat(IterationPeriod.of(series)).hasValue(period);
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void refusesWhatIsNoNumber(double value) {
    assertThatThrownBy(() -> IterationPeriod.of(new double[] {1, value, 1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("value 1 of the series is " + value + "; it must be finite");
  }
}
