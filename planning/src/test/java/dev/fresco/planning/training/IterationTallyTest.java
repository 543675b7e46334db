package dev.fresco.planning.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.contracts.training.TrainingProgress;
import dev.fresco.contracts.training.TrainingTelemetry;
import dev.fresco.contracts.training.TrainingTelemetry.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class IterationTallyTest {
  private final IterationTally tally = new IterationTally(2);

  private static TrainingTelemetry report(
      long iteration, int stage, double millis, double busy, Double loss) {
    return new TrainingTelemetry(
        "trn_1",
        Jobs.START,
        iteration,
        0,
        stage,
        millis,
        loss,
        List.of(
            new TrainingTelemetry.Operations(Kind.F, List.of(busy / 2)),
            new TrainingTelemetry.Operations(Kind.BW, List.of(busy / 2))),
        List.of());
  }

  @Test
  void anIterationIsWhatItsSlowestAndItsBusiestStageMakeOfIt() {
    assertThat(tally.add(report(3, 0, 100, 60, null))).isEmpty();
    assertThat(tally.add(report(3, 1, 80, 75, 2.5)))
        .contains(new TrainingProgress(4, 2.5, 100, .25));
  }

  @Test
  void lossesOfReplicasAreAveraged() {
    tally.add(report(0, 0, 100, 100, 1.0));
    assertThat(tally.add(report(0, 1, 100, 100, 2.0)))
        .contains(new TrainingProgress(1, 1.5, 100, 0));
  }

  @Test
  void anIterationThatIsNeverCompleteIsPassedOver() {
    tally.add(report(0, 0, 1, 1, null));
    tally.add(report(1, 0, 1, 1, null));
    assertThat(tally.add(report(1, 1, 1, 1, null))).isPresent();
    assertThat(tally.add(report(0, 1, 1, 1, null))).isEmpty();
    for (int iteration = 2; iteration < 200; iteration++) {
      tally.add(report(iteration, 0, 1, 1, null));
    }
    assertThat(tally.add(report(2, 1, 1, 1, null))).isEmpty();
    assertThat(tally.add(report(199, 1, 1, 1, null))).isPresent();
  }
}
