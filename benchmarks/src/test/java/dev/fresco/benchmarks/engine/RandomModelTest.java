package dev.fresco.benchmarks.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.DOUBLE;

import dev.fresco.benchmarks.engine.Architecture.Stage;
import dev.fresco.benchmarks.engine.RandomTensors.Stored;
import dev.fresco.engine.batch.LocalModel;
import dev.fresco.engine.batch.ModelSettings;
import dev.fresco.engine.checkpoint.ComponentFolder;
import dev.fresco.engine.checkpoint.ConfigJson;
import dev.fresco.engine.checkpoint.SafetensorsFile;
import dev.fresco.engine.kernel.ComputeType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RandomModelTest {
  private static final Path DEMO = Path.of("../models/emoji");
  private static final ModelSettings SETTINGS = new ModelSettings("cpu", "fp32", 100, 128);

  private static final Architecture SMALL =
      new Architecture(
          "small",
          List.of(new Stage(32, 1, 4), new Stage(64, 2, 4), new Stage(32, 0, 4)),
          2,
          List.of(48),
          0,
          false);

  @TempDir Path temporary;

  /** The engine refuses a tensor too few, too many or of another shape. */
  @ParameterizedTest
  @EnumSource
  void aModelOfAnySizesRuns(Stored stored) throws IOException {
    Path folder;
    Workload workload = new Workload(64, 0, 20, "euler");
    try (RandomModel model = RandomModel.write(SMALL, stored, DEMO);
        LocalModel loaded = LocalModel.load(model.folder(), SETTINGS)) {
      folder = model.folder();
      Turn turn = new StepBenchmark(loaded, ComputeType.FP32, workload, 0).measure(2);
      assertThat(turn.nanoseconds()).hasSize(20);
      assertThat(turn.kernelCalls()).get(DOUBLE).isPositive();
      assertThat(turn.javaBytes()).get(DOUBLE).isPositive();
      assertThat(turn.outsideKernels()).get(DOUBLE).isBetween(0.0, 1.0);
    }
    assertThat(folder).doesNotExist();
  }

  @Test
  void theSizesOfStableDiffusionAreTheRealOnes() {
    assertThat(numbers(Architecture.SD15)).isEqualTo(859_520_964L); // as published with the model
    assertThat(numbers(Architecture.SD21)).isEqualTo(865_910_724L);
  }

  /** With all channels back at what they are, the sizes are those of the published network. */
  @Test
  void halfOfTheLargeOneIsHalfOfEachChannel() {
    Architecture half = Architecture.SDXL_HALF;
    Architecture whole =
        new Architecture(
            "sdxl",
            half.stages().stream()
                .map(stage -> new Stage(stage.channels() * 2, stage.layers(), stage.heads()))
                .toList(),
            half.resnets(),
            List.of(768, 1280),
            half.sizeWaves() * 2,
            half.linearProjection());

    assertThat(numbers(whole)).isEqualTo(2_567_463_684L);
    assertThat(numbers(half)).isBetween(600_000_000L, 700_000_000L);
  }

  @Test
  void aLargeModelHasTwoEncoders() throws IOException {
    Architecture small =
        new Architecture(
            "small",
            List.of(new Stage(32, 0, 4), new Stage(64, 2, 4)),
            1,
            List.of(16, 48),
            8,
            true);
    try (RandomModel model = RandomModel.write(small, Stored.BF16, DEMO)) {
      ComponentFolder second = new ComponentFolder(model.folder().resolve("text_encoder_2"));
      ConfigJson unet = new ComponentFolder(model.folder().resolve("unet")).config();

      assertThat(second.className()).isEqualTo("CLIPTextModelWithProjection");
      assertThat(second.config().size("projection_dim", 0)).isEqualTo(48);
      assertThat(second.config().size("max_position_embeddings", 0)).isEqualTo(77);
      assertThat(unet.size("projection_class_embeddings_input_dim", 0)).isEqualTo(48 + 6 * 8);
      assertThat(unet.sizes("transformer_layers_per_block", List.of())).containsExactly(1, 2);
      assertThat(unet.texts("up_block_types", List.of()))
          .containsExactly("CrossAttnUpBlock2D", "UpBlock2D");
      assertThat(model.folder().resolve("tokenizer_2/vocab.json")).exists();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFormatHasItsName(Stored stored) {
    assertThat(Stored.named(stored.label())).contains(stored);
    assertThat(stored.label()).isLowerCase();
  }

  /** So that fp32 numbers can be used where they are mapped. */
  @ParameterizedTest
  @ValueSource(strings = {"w", "ww", "www", "wwwwwww"})
  void numbersBeginAtEightBytes(String name) throws IOException {
    Path file = temporary.resolve("x.safetensors");
    new RandomTensors(Stored.FP32).write(file, Map.of(name, new long[] {2, 3}), 1);

    try (SafetensorsFile read = SafetensorsFile.open(file)) {
      assertThat(read.tensor(name).shape()).containsExactly(2, 3);
    }
    assertThat((Files.size(file) - 2 * 3 * Float.BYTES) % 8).isZero();
  }

  @Test
  void aSeedGivesTheSameBytes() throws IOException {
    try (RandomModel one = RandomModel.write(SMALL, Stored.BF16, DEMO);
        RandomModel other = RandomModel.write(SMALL, Stored.BF16, DEMO)) {
      String file = "unet/diffusion_pytorch_model.safetensors";
      assertThat(Files.mismatch(one.folder().resolve(file), other.folder().resolve(file)))
          .isEqualTo(-1);
    }
  }

  private static long numbers(Architecture architecture) {
    return TensorShapes.unet(architecture, 4).byName().values().stream()
        .mapToLong(RandomModelTest::product)
        .sum();
  }

  private static long product(long[] shape) {
    long product = 1;
    for (long size : shape) {
      product *= size;
    }
    return product;
  }
}
