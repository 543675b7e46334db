package dev.fresco.planning.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BreakEvenTest {
  @ParameterizedTest
  @CsvSource({"12, .88", "30, .7", "0, .95", "1, .95", "70, .5"})
  void isWhereBothCostTheSame(double recordingMillis, double share) {
    CostModel model = learnt(recordingMillis, 400);
    assertThat(BreakEven.share(model)).isCloseTo(share, within(.03));
  }

  @Test
  void isAGuessAtFirst() {
    assertThat(BreakEven.share(CostModel.empty())).isEqualTo(.8);
    assertThat(BreakEven.share(learnt(70, 20))).isEqualTo(.8);
  }

  /** Of a constant of 10 ms, 100 ms for each whole picture, and 2 % of noise. */
  private static CostModel learnt(double recordingMillis, int steps) {
    SplittableRandom random = new SplittableRandom(7);
    CostModel model = CostModel.empty();
    for (int i = 0; i < steps; i++) {
      int whole = random.nextInt(3);
      int parts = random.nextInt(whole == 0 ? 1 : 0, 4);
      double operations = whole;
      for (int part = 0; part < parts; part++) {
        operations += random.nextDouble(.05, .6);
      }
      double millis = 10 + 100 * operations + recordingMillis * parts;
      model =
          model.observed(new StepWork(operations, parts), millis * random.nextDouble(.98, 1.02));
    }
    return model;
  }
}
