package dev.fresco.planning.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DelegatesTest {
  @ParameterizedTest
  @CsvSource({
    "125, .06, 8",
    "100, .03, 3",
    "100, .031, 4",
    "10, .03, 1",
    "0, 5, 1",
    "100, 0, 1",
    "Infinity, 0, 1",
    "Infinity, .001, 32",
    "1e6, 1, 32"
  })
  void asManyAsAreProducedWhileOneIsCarried(double perSecond, double seconds, int delegates) {
    assertThat(Delegates.needed(perSecond, seconds)).isEqualTo(delegates);
  }

  @Test
  void ofALinkByTheFasterOfActivationsAndGradients() {
    PipelineShape shape =
        new PipelineShape(
            8,
            List.of(StageCost.of(5, 9, 9), StageCost.of(4, 10, 9), StageCost.of(9, 3, 9)),
            List.of(Link.delegated(20), Link.delegated(20)));
    assertThat(Delegates.needed(shape, 0)).isEqualTo(4);
    assertThat(Delegates.needed(shape, 1)).isEqualTo(7);
    assertThat(Delegates.needed(shape.withLink(1, Link.HEALTHY), 1)).isZero();
    PipelineShape instant = PipelineShape.uniform(2, 8, StageCost.of(0, 0, 1));
    assertThat(Delegates.needed(instant.withLink(0, Link.delegated(1)), 0))
        .isEqualTo(Delegates.MOST);
  }

  @Test
  void refusesWhatIsNoRateOrTime() {
    assertThatThrownBy(() -> Delegates.needed(-1, 1)).hasMessageContaining("productionPerSecond");
    assertThatThrownBy(() -> Delegates.needed(1, Double.NaN)).hasMessageContaining("NaN");
  }
}
