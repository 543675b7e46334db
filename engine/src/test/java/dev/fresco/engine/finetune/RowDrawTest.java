package dev.fresco.engine.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.fresco.engine.HostTensor;
import dev.fresco.engine.StartLatents;
import dev.fresco.engine.TextStates;
import dev.fresco.engine.sampler.NoiseLevel;
import dev.fresco.engine.sampler.SchedulerConfig;
import dev.fresco.engine.sampler.TrainingNoise;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RowDrawTest {
  private static final int PICTURES = 5;

  private static TrainingNoise noise(String prediction) {
    return TrainingNoise.of(
        SchedulerConfig.parse(
            "test",
            "{\"_class_name\": \"DDIMScheduler\", \"prediction_type\": \"%s\"}"
                .formatted(prediction)));
  }

  private static RowDraw draw(String prediction, float deviation) {
    return draw(prediction, deviation, 3);
  }

  private static RowDraw draw(String prediction, float deviation, long seed) {
    List<EncodedPicture> pictures = new ArrayList<>();
    for (int i = 0; i < PICTURES; i++) {
      float[] mean = new float[16];
      float[] spread = new float[16];
      Arrays.fill(mean, i + 1);
      Arrays.fill(spread, deviation);
      HostTensor text = HostTensor.of(new float[] {i}, 1, 1);
      pictures.add(
          new EncodedPicture(
              new StartLatents(
                  HostTensor.of(mean, 1, 4, 4),
                  deviation == 0 ? null : HostTensor.of(spread, 1, 4, 4),
                  1),
              new TextStates(text, null)));
    }
    return new RowDraw(pictures, noise(prediction), seed);
  }

  private static int picture(TrainingRows rows, int row) {
    return (int) rows.texts().get(row).states().data()[0];
  }

  @Test
  void eachRoundHasEveryPictureOnceInAnOrderOfItsOwn() {
    RowDraw draw = draw("epsilon", 0);
    Set<List<Integer>> orders = new HashSet<>();
    for (int round = 0; round < 8; round++) {
      TrainingRows rows = draw.rows((long) round * PICTURES, PICTURES);
      List<Integer> order = new ArrayList<>();
      for (int row = 0; row < PICTURES; row++) {
        order.add(picture(rows, row));
      }
      assertThat(order).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
      orders.add(order);
    }
    assertThat(orders).hasSizeGreaterThan(4);
  }

  @Test
  void aRowDependsOnItsNumberAlone() {
    RowDraw draw = draw("epsilon", 0.5f);
    TrainingRows together = draw.rows(7, 4);
    for (int row = 0; row < 4; row++) {
      TrainingRows alone = draw.rows(7 + row, 1);
      assertThat(alone.noisy().data())
          .containsExactly(Arrays.copyOfRange(together.noisy().data(), 16 * row, 16 * (row + 1)));
      assertThat(alone.timesteps()[0]).isEqualTo(together.timesteps()[row]);
    }
    assertThat(together.timesteps()).doesNotHaveDuplicates();
  }

  @Test
  void neighbouringSeedsShareNothing() {
    float[] one = draw("epsilon", 0, 3).rows(0, 40).timesteps();
    float[] other = draw("epsilon", 0, 4).rows(0, 40).timesteps();
    for (int shift = 0; shift < 3; shift++) {
      int same = 0;
      for (int i = shift; i < 40; i++) {
        same += one[i] == other[i - shift] ? 1 : 0;
      }
      assertThat(same).isLessThan(3);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"epsilon", "v_prediction", "sample"})
  void targetsAreWhatThePredictionTypeSays(String prediction) {
    TrainingRows rows = draw(prediction, 0).rows(0, 20);
    for (int row = 0; row < 20; row++) {
      NoiseLevel level = noise(prediction).at((int) rows.timesteps()[row]).sample();
      double clean = picture(rows, row) + 1;
      for (int i = 16 * row; i < 16 * (row + 1); i++) {
        double noise = (rows.noisy().data()[i] - level.signal() * clean) / level.noise();
        double wanted =
            switch (prediction) {
              case "epsilon" -> noise;
              case "v_prediction" -> level.signal() * noise - level.noise() * clean;
              default -> clean;
            };
        assertThat((double) rows.target().data()[i]).isCloseTo(wanted, within(1e-3));
      }
    }
  }

  @Test
  void drawsFromTheAutoencodersDistribution() {
    TrainingRows rows = draw("sample", 2).rows(0, 200);
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < rows.target().data().length; i++) {
      double off = rows.target().data()[i] - (picture(rows, i / 16) + 1);
      sum += off / (200 * 16);
      squares += off * off / (200 * 16);
    }
    assertThat(sum).isCloseTo(0, within(0.15));
    assertThat(Math.sqrt(squares)).isCloseTo(2, within(0.15));
  }

  @ParameterizedTest
  @CsvSource({"0, 0.99990", "999, 0.0000404"})
  void noiseIsTheModels(int timestep, double alpha) {
    // torch.cumprod(1 - torch.linspace(0.0001, 0.02, 1000), 0)
    NoiseLevel level = noise("epsilon").at(timestep).sample();
    assertThat(level.signal() * level.signal()).isCloseTo(alpha, within(1e-2 * alpha));
    assertThat(level.signal() * level.signal() + level.noise() * level.noise())
        .isCloseTo(1, within(1e-9));
  }

  @Test
  void refusesFlowModels() {
    SchedulerConfig flow =
        SchedulerConfig.parse("test", "{\"_class_name\": \"FlowMatchEulerDiscreteScheduler\"}");
    assertThatThrownBy(() -> TrainingNoise.of(flow)).hasMessageContaining("flow model");
  }
}
