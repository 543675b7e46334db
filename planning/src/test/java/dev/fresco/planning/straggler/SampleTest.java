package dev.fresco.planning.straggler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SampleTest {
  @ParameterizedTest
  @ValueSource(doubles = {-.1, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void refusesTimesThatAreNone(double millis) {
    assertThatThrownBy(() -> new Sample("link 2", OperationKind.FORWARD, Instant.EPOCH, millis))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("millis of link 2 is " + millis + "; the least is 0, and it must be finite");
  }

  @Test
  void refusesWhatIsMissing() {
    assertThatThrownBy(() -> new Sample(" ", OperationKind.FORWARD, Instant.EPOCH, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("place is missing or blank");
    assertThatThrownBy(() -> new Sample("link 2", null, Instant.EPOCH, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("kind of link 2 is missing");
    assertThatThrownBy(() -> new Sample("link 2", OperationKind.FORWARD, null, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("at of link 2 is missing");
  }

  @Test
  void nothingIsATime() {
    assertThat(new Sample("link 2", OperationKind.FORWARD, Instant.EPOCH, 0).millis()).isZero();
  }
}
