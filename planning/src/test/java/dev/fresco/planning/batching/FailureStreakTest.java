package dev.fresco.planning.batching;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailureStreakTest {
  private static FailureStreak after(String events) {
    FailureStreak streak = FailureStreak.NONE;
    for (char event : events.toCharArray()) {
      streak = event == 'F' ? streak.failed() : streak.worked();
    }
    return streak;
  }

  @ParameterizedTest
  @CsvSource({
    "F,false",
    "FF,false",
    "FFF,true",
    "FFWF,false",
    "FFWFFF,true",
    "FFFF,true",
    "FFFW,true"
  })
  void threeJobsInARowAreTheDevicesFault(String events, boolean broken) {
    assertThat(after(events).isBroken()).isEqualTo(broken);
  }

  /** However often jobs fail, as long as others take steps in between. */
  @Property
  void aJobThatFailsAmongOthersThatWorkBreaksNothing(
      @ForAll @Size(max = 50) List<Boolean> failures) {
    FailureStreak streak = FailureStreak.NONE;
    for (boolean failure : failures) {
      streak = failure ? streak.failed() : streak;
      assertThat(streak.isBroken()).isFalse();
      streak = streak.worked();
    }
  }
}
