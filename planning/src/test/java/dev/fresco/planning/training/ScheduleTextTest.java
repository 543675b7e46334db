package dev.fresco.planning.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.planning.pipeline.OneForwardOneBackward;
import dev.fresco.planning.pipeline.Schedule;
import dev.fresco.planning.pipeline.ZeroBubble;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleTextTest {

  @Test
  void aStageIsALine() {
    assertThat(ScheduleText.of(OneForwardOneBackward.schedule(2, 3)))
        .containsExactly("F0 F1 BW0 F2 BW1 BW2", "F0 BW0 F1 BW1 F2 BW2");
  }

  @Property(tries = 100)
  void whatIsWrittenIsRead(
      @ForAll @IntRange(min = 1, max = 6) int stages,
      @ForAll @IntRange(min = 1, max = 12) int microbatches) {
    for (Schedule schedule :
        List.of(
            OneForwardOneBackward.schedule(stages, microbatches),
            ZeroBubble.twoParts(stages, microbatches))) {
      assertThat(ScheduleText.read(microbatches, ScheduleText.of(schedule))).isEqualTo(schedule);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "F0 X1, X1",
    "F0 B, B",
    "F0 F-1, F-1",
    "F0 F2, F2",
    "F0 F0.1, F0.1",
    "F0 F9999999, F9999999",
    "'', ''"
  })
  void whatIsNoOperationIsNamed(String stage, String named) {
    assertThatThrownBy(() -> ScheduleText.read(2, List.of(stage)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(named);
  }
}
