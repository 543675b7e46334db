package dev.fresco.planning.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlaceTest {

  @ParameterizedTest
  @ValueSource(strings = {"stage 0", "stage 2 of replica 1", "link 3", "group 2 of replica 0 to 1"})
  void aPlaceIsReadAsItWasWritten(String text) {
    assertThat(Place.read(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "stage", "stage x", "node 1", "link -1", "stage 99999999"})
  void anythingElseIsNone(String text) {
    assertThatThrownBy(() -> Place.read(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "'");
  }
}
