package dev.fresco.benchmarks.rates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fresco.benchmarks.rates.Operation.Attention;
import dev.fresco.benchmarks.rates.Operation.Convolution;
import dev.fresco.benchmarks.rates.Operation.Linear;
import dev.fresco.benchmarks.rates.Race.Finish;
import dev.fresco.engine.kernel.ComputeType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MachineRatesTest {
  private static final Operation LINEAR = new Linear(10, 20, 30);
  private static final Operation CONVOLUTION = new Convolution(1, 4, 8, 3, 1, 6, 6);
  private static final MachineRates RATES =
      new MachineRates(
          Map.of(LINEAR, 3, CONVOLUTION, 2),
          Map.of(
              ComputeType.FP32,
              Map.of(LINEAR, finish(1_000_000), CONVOLUTION, finish(5_000_000)),
              ComputeType.BF16,
              Map.of(LINEAR, finish(2_000_000), CONVOLUTION, finish(1_000_000))));

  @Test
  void addsUpAStep() {
    assertThat(RATES.leastMilliseconds(ComputeType.FP32)).isCloseTo(13, within(1e-9));
    assertThat(RATES.leastMilliseconds(ComputeType.BF16)).isCloseTo(8, within(1e-9));
    assertThat(RATES.limitMilliseconds(ComputeType.FP32)).isCloseTo(13, within(1e-9));
    assertThat(RATES.limitMilliseconds(ComputeType.BF16)).isCloseTo(5, within(1e-9));
  }

  @Test
  void tabulatesByKind() {
    assertThat(new RatesTable(RATES).byKind())
        .hasSize(6)
        .anyMatch(line -> line.matches("linear +1 +3 +0.0( +[36].0 ms +\\d+){2}"))
        .anyMatch(line -> line.matches("attention +0 +0 +0.0( +0.0 ms +-){2}"));
  }

  /** With the kernels themselves, on every way there is. */
  @Test
  void measuresThisMachine() {
    List<Operation> all =
        List.of(
            LINEAR,
            CONVOLUTION,
            new Convolution(1, 4, 8, 1, 2, 6, 6),
            new Attention(1, 2, 6, 5, 8));
    for (ComputeType format : MachineRates.formats()) {
      MachineRates measured =
          MachineRates.measure(
              Map.of(all.get(0), 1, all.get(1), 1, all.get(2), 1, all.get(3), 1), List.of(format));

      assertThat(measured.best().get(format)).containsOnlyKeys(all);
      assertThat(measured.leastMilliseconds(format)).isPositive();
      assertThat(new RatesTable(measured).byShape())
          .hasSize(5)
          .anyMatch(line -> line.contains("10 x 20 to 30"));
    }
  }

  private static Finish finish(long nanoseconds) {
    return new Finish("plain", nanoseconds);
  }
}
