package dev.fresco.benchmarks.masked;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fresco.engine.HostTensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SquareMaskTest {
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.11, 0.2, 0.35, 1})
  void coversItsShareInTokensOfTwoByTwo(double ratio) {
    HostTensor mask = SquareMask.of(ratio, 128, 96);
    float[] places = mask.data();

    assertThat(SquareMask.ratio(mask)).isCloseTo(ratio, within(0.02));
    for (int i = 0; i < places.length; i++) {
      int token = i / 96 / 2 * 2 * 96 + i % 96 / 2 * 2;
      assertThat(places[i]).isEqualTo(places[token]);
    }
  }
}
