package dev.fresco.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.fresco.engine.EngineException;
import dev.fresco.engine.training.DiffusionTarget;
import dev.fresco.engine.training.DiffusionTransformerShape;
import dev.fresco.engine.training.NoisyLatents;
import dev.fresco.trainer.spec.DataSpec;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LatentDataTest {
  private static final DiffusionTransformerShape.Latents LATENTS =
      new DiffusionTransformerShape.Latents(2, 4, 6, 2);
  private static final DiffusionTransformerShape MODEL =
      new DiffusionTransformerShape(LATENTS, 5, 8, 2, 16, 2);

  @TempDir Path folder;

  private TrainingData read(long seed, int... labels) {
    Path file = LatentFile.write(folder.resolve("latents"), LATENTS, labels);
    return read(file, seed);
  }

  private static TrainingData read(Path file, long seed) {
    return LatentData.read(
        new DataSpec.Latents(file.toString(), 3, DiffusionTarget.VELOCITY), seed, MODEL);
  }

  private static NoisyLatents examples(TrainingData data, long iteration, int number) {
    return (NoisyLatents) data.microbatch(iteration, 0, number).examples();
  }

  @Test
  void picturesComeWithTheirLabelsAndNoise() {
    TrainingData data = read(1, 0, 1, 4);
    Set<Integer> labels = new HashSet<>();
    double times = 0;
    for (int number = 0; number < 100; number++) {
      NoisyLatents examples = examples(data, 2, number);
      assertThat(examples.latents().shape()).containsExactly(3, 2, 4, 6);
      for (int row = 0; row < 3; row++) {
        labels.add(examples.labels()[row]);
        times += examples.times()[row];
        for (int i = 48 * row; i < 48 * row + 48; i++) {
          // What is seen less the share of the target at its time is the clean picture.
          double clean =
              examples.latents().data()[i] - examples.times()[row] * examples.target().data()[i];
          assertThat(clean).isCloseTo(examples.labels()[row], within(0.06));
        }
      }
    }
    assertThat(labels).containsExactlyInAnyOrder(0, 1, 4);
    assertThat(times / 300).isCloseTo(0.5, within(0.06));
  }

  @Test
  void dependsOnWhereItStandsAndOnTheSeed() {
    TrainingData data = read(1, 0, 1, 2);
    float[] one = examples(data, 4, 5).latents().data();
    assertThat(examples(read(1, 0, 1, 2), 4, 5).latents().data()).isEqualTo(one);
    assertThat(examples(read(2, 0, 1, 2), 4, 5).latents().data()).isNotEqualTo(one);
    assertThat(examples(data, 5, 4).latents().data()).isNotEqualTo(one);
  }

  @Test
  void saysWhatDoesNotFit() {
    assertThatThrownBy(() -> read(1, 0, 5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("label 5 of picture 1 is none of the model's 5");
    Path taller =
        LatentFile.write(
            folder.resolve("taller"), new DiffusionTransformerShape.Latents(2, 6, 6, 2), 0);
    assertThatThrownBy(() -> read(taller, 1))
        .hasMessageContaining("tensor latents", "the model needs [pictures, 2, 4, 6]");
    assertThatThrownBy(() -> read(folder.resolve("none"), 1)).isInstanceOf(EngineException.class);
  }
}
