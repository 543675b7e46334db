package dev.fresco.benchmarks.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class LatenciesTest {
  @Test
  void quantilesAreOfTheSortedOnes() {
    Latencies four = Latencies.of(DoubleStream.of(10, 3, 1, 2));
    assertThat(four.quantile(.5)).isEqualTo(2);
    assertThat(four.quantile(.95)).isEqualTo(10);
    assertThat(four.mean()).isEqualTo(4);
  }

  @Test
  void severalRunsAreOne() {
    Latencies run = Latencies.of(DoubleStream.of(2, 4));
    Latencies other = Latencies.of(DoubleStream.of(3));
    assertThat(Latencies.all(List.of(run, other)).seconds()).containsExactly(2, 3, 4);
  }
}
