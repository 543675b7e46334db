package dev.fresco.engine.unet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.fresco.engine.EngineException;
import dev.fresco.engine.checkpoint.ComponentFolder;
import dev.fresco.engine.checkpoint.SafetensorsBytes;
import dev.fresco.engine.checkpoint.StoredType;
import dev.fresco.engine.kernel.AdapterTerms;
import dev.fresco.engine.kernel.ComputeType;
import dev.fresco.engine.kernel.KernelLibrary;
import dev.fresco.engine.kernel.Maps;
import dev.fresco.engine.parity.RelativeError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UNetTest {
  private static final Path UNET = Path.of("fixtures/sd15-tiny/unet");
  private static final String WEIGHTS = "diffusion_pytorch_model.safetensors";
  private static KernelLibrary kernels;
  private static UNet unet;
  @TempDir Path folder;

  @BeforeAll
  static void open() {
    kernels = KernelLibrary.on("cpu");
    unet = load(UNET);
  }

  @AfterAll
  static void close() {
    unet.close();
    kernels.close();
  }

  @Test
  void rowsDoNotTouchEachOther() {
    try (NDManager scope = kernels.manager().newSubManager()) {
      NDArray sample = noise(scope, 3, 4, 8, 8);
      NDArray timesteps = scope.create(new float[] {981, 17, 500});
      NDArray context = noise(scope, 3, 77, 32);
      float[] together = predict(unet, scope, sample, timesteps, context).toFloatArray();

      int row = together.length / 3;
      for (int i = 0; i < 3; i++) {
        String rows = i + ":" + (i + 1);
        float[] alone =
            predict(unet, scope, sample.get(rows), timesteps.get(rows), context.get(rows))
                .toFloatArray();
        float[] inTheBatch = new float[row];
        System.arraycopy(together, i * row, inTheBatch, 0, row);
        assertThat(RelativeError.of(inTheBatch, alone)).isLessThan(1e-5);
      }
    }
  }

  @Test
  void groupsOfOtherSizesAndTextsRunInOnePass() {
    try (NDManager scope = kernels.manager().newSubManager()) {
      NDArray[] samples = {noise(scope, 2, 4, 8, 8), noise(scope, 1, 4, 6, 10)};
      NDArray[] contexts = {noise(scope, 2, 77, 32), noise(scope, 1, 9, 32)};
      NDArray[] timesteps = {scope.create(new float[] {981, 17}), scope.create(new float[] {500})};
      Maps together;
      try (AttendedText text = unet.attend(List.of(contexts), AdapterTerms.none())) {
        NDArray all = scope.create(new float[] {981, 17, 500});
        together = unet.forward(scope, input(new Maps(samples), all, text));
      }
      for (int i = 0; i < 2; i++) {
        float[] alone = predict(unet, scope, samples[i], timesteps[i], contexts[i]).toFloatArray();
        assertThat(RelativeError.of(together.group(i).toFloatArray(), alone)).isLessThan(1e-5);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "5, 7", "7, 8", "9, 2"})
  void keepsOddSizes(int height, int width) {
    try (NDManager scope = kernels.manager().newSubManager()) {
      NDArray out =
          predict(
              unet,
              scope,
              noise(scope, 1, 4, height, width),
              scope.create(new float[] {10}),
              noise(scope, 1, 5, 32));
      assertThat(out.getShape().getShape()).containsExactly(1, 4, height, width);
      assertThat(out.isNaN().any().getBoolean()).isFalse();
    }
  }

  @Test
  void leavesOnlyItsResultInTheScope() {
    try (NDManager scope = kernels.manager().newSubManager()) {
      NDArray sample = noise(scope, 1, 4, 8, 8);
      NDArray timesteps = scope.create(new float[] {10});
      NDArray context = noise(scope, 1, 5, 32);
      AttendedText text = unet.attend(List.of(context), AdapterTerms.none());
      int before = scope.getManagedArrays().size();
      NDArray out = unet.forward(scope, input(new Maps(sample), timesteps, text)).group(0);
      text.close();

      assertThat(scope.getManagedArrays()).hasSize(before + 1).contains(out);
      assertThat(out.getDataType()).isEqualTo(DataType.FLOAT32);
    }
  }

  @ParameterizedTest
  @CsvSource({"F64, 1e-6", "F16, 1e-2", "BF16, 5e-2"})
  void readsWeightsOfAnyFloat(StoredType type, double limit) throws IOException {
    SafetensorsBytes bytes = SafetensorsBytes.copyOf(UNET.resolve(WEIGHTS)).as(type);
    try (UNet other = load(checkpoint(bytes));
        NDManager scope = kernels.manager().newSubManager()) {
      NDArray sample = noise(scope, 1, 4, 8, 8);
      NDArray timesteps = scope.create(new float[] {321});
      NDArray context = noise(scope, 1, 9, 32);
      float[] expected = predict(unet, scope, sample, timesteps, context).toFloatArray();
      float[] found = predict(other, scope, sample, timesteps, context).toFloatArray();
      assertThat(RelativeError.of(found, expected)).isLessThan(limit);
    }
  }

  @Test
  void namesEverythingThatIsWrongWithTheWeights() throws IOException {
    SafetensorsBytes bytes =
        SafetensorsBytes.copyOf(UNET.resolve(WEIGHTS))
            .without("mid_block.resnets.1.conv2.bias")
            .without("down_blocks.0.attentions.0.norm.weight")
            .floats("conv_in.weight", new float[12], 3, 4)
            .floats("extra.weight", new float[2], 2);
    Path broken = checkpoint(bytes);

    assertThatThrownBy(() -> load(broken))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining(broken.resolve(WEIGHTS).toString())
        .hasMessageContaining("4 problems")
        .hasMessageContaining("missing mid_block.resnets.1.conv2.bias [64]")
        .hasMessageContaining("missing down_blocks.0.attentions.0.norm.weight [32]")
        .hasMessageContaining("conv_in.weight has shape [3, 4], expected [32, 4, 3, 3]")
        .hasMessageContaining("unexpected extra.weight F32[2]");
  }

  @Test
  void refusesAnotherNetwork() {
    assertThatThrownBy(() -> load(Path.of("fixtures/sd15-tiny/vae")))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("is for AutoencoderKL; expected UNet2DConditionModel");
  }

  private static NDArray predict(
      UNet network, NDManager scope, NDArray sample, NDArray timesteps, NDArray context) {
    try (AttendedText text = network.attend(List.of(context), AdapterTerms.none())) {
      return network.forward(scope, input(new Maps(sample), timesteps, text)).group(0);
    }
  }

  private static UNetInput input(Maps samples, NDArray timesteps, AttendedText text) {
    return new UNetInput(
        samples, timesteps, Optional.empty(), text, List.of(), AdapterTerms.none());
  }

  private Path checkpoint(SafetensorsBytes weights) throws IOException {
    Files.copy(UNET.resolve("config.json"), folder.resolve("config.json"));
    weights.writeTo(folder.resolve(WEIGHTS));
    return folder;
  }

  private static UNet load(Path path) {
    return UNet.load(new ComponentFolder(path), kernels, ComputeType.FP32);
  }

  private static NDArray noise(NDManager scope, long... shape) {
    return scope.randomNormal(new Shape(shape));
  }
}
