package dev.fresco.planning.training;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DelegatesTest {

  @ParameterizedTest
  @CsvSource({
    // message, operation, microbatches, needed
    "42, 10, 12, 5",
    "40, 10, 12, 4",
    "10, 10, 12, 1",
    "3, 10, 12, 1",
    "0, 10, 12, 1",
    "300, 10, 12, 12",
    "300, 10, 64, 16",
    "42, 10, 1, 1",
    "5, 0, 12, 12",
    "0, 0, 12, 1",
  })
  void messagesAreConsumedAsFastAsTheyAreMade(
      double message, double operation, int microbatches, int needed) {
    assertThat(Delegates.needed(message, operation, microbatches)).isEqualTo(needed);
  }
}
