package dev.fresco.benchmarks.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class TurnTest {
  private static final Turn FIRST = turn(10, new EngineShare(95, 4, 1000), 60, 40);
  private static final Turn SECOND = turn(5, new EngineShare(91, 2, 200), 100);

  @Test
  void sharesAStepsPart() {
    Turn both = Turn.together(List.of(FIRST, SECOND));

    assertThat(both.nanoseconds()).containsExactly(60, 40, 100);
    assertThat(both.faultsPerStep()).contains(5.0);
    assertThat(both.kernelCalls()).contains(2.0);
    assertThat(both.javaBytes()).contains(400.0);
    assertThat(both.outsideKernels())
        .get(InstanceOfAssertFactories.DOUBLE)
        .isCloseTo(0.07, within(1e-12));
  }

  @Test
  void whatOneDoesNotKnowBothDoNot() {
    Turn silent = new Turn(new long[] {7}, Optional.empty(), Optional.empty());
    Turn both = Turn.together(List.of(FIRST, silent));

    assertThat(both.faultsPerStep()).isEmpty();
    assertThat(both.outsideKernels()).isEmpty();
    assertThat(both.nanoseconds()).containsExactly(60, 40, 7);
  }

  private static Turn turn(long faults, EngineShare share, long... nanoseconds) {
    return new Turn(nanoseconds, Optional.of(faults), Optional.of(share));
  }
}
