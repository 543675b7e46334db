package dev.fresco.engine.vae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.fresco.engine.EngineException;
import dev.fresco.engine.checkpoint.ComponentFolder;
import dev.fresco.engine.checkpoint.SafetensorsBytes;
import dev.fresco.engine.kernel.ComputeType;
import dev.fresco.engine.kernel.KernelLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AutoencoderTest {
  private static final Path KL = Path.of("fixtures/sd15-tiny/vae");
  private static final Path TINY = Path.of("fixtures/autoencoder-tiny");
  private static final String WEIGHTS = "diffusion_pytorch_model.safetensors";
  private static KernelLibrary kernels;
  @TempDir Path folder;

  @BeforeAll
  static void open() {
    kernels = KernelLibrary.on("cpu");
  }

  @AfterAll
  static void close() {
    kernels.close();
  }

  @Test
  void knowsItsSizes() {
    try (Autoencoder kl = load(KL);
        Autoencoder tiny = load(TINY)) {
      assertThat(kl.factor()).isEqualTo(2);
      assertThat(kl.scalingFactor()).isEqualTo(0.18215);
      assertThat(tiny.factor()).isEqualTo(8);
      assertThat(tiny.scalingFactor()).isEqualTo(1);
      assertThat(tiny.latentChannels()).isEqualTo(4);
      assertThat(tiny.shiftFactor()).isZero();
    }
  }

  @Test
  void leavesOnlyItsResultsInTheScope() {
    try (Autoencoder kl = load(KL);
        NDManager scope = kernels.manager().newSubManager()) {
      NDArray picture = kl.decode(scope, scope.zeros(new Shape(1, 4, 3, 5)));
      assertThat(picture.getShape()).isEqualTo(new Shape(1, 3, 6, 10));
      assertThat(scope.getManagedArrays()).hasSize(2);
      Autoencoder.Encoding encoding = kl.encode(scope, picture);
      assertThat(encoding.mean().getShape()).isEqualTo(new Shape(1, 4, 3, 5));
      assertThat(encoding.logVariance()).isPresent();
      assertThat(scope.getManagedArrays()).hasSize(4);
    }
  }

  @Test
  void readsTheOldNamesOfTheMiddleAttention() throws IOException {
    Files.copy(KL.resolve("config.json"), folder.resolve("config.json"));
    SafetensorsBytes.copyOf(KL.resolve(WEIGHTS))
        .renamed(
            name ->
                name.replace(".to_q.", ".query.")
                    .replace(".to_k.", ".key.")
                    .replace(".to_v.", ".value.")
                    .replace(".to_out.0.", ".proj_attn."))
        .writeTo(folder.resolve(WEIGHTS));
    try (Autoencoder today = load(KL);
        Autoencoder old = load(folder);
        NDManager scope = kernels.manager().newSubManager()) {
      NDArray latents = scope.randomNormal(new Shape(1, 4, 4, 4));
      assertThat(old.decode(scope, latents).toFloatArray())
          .containsExactly(today.decode(scope, latents).toFloatArray());
    }
  }

  @Test
  void runsWithoutItsOptionalParts() throws IOException {
    String config =
        Files.readString(KL.resolve("config.json"))
            .replace("\"mid_block_add_attention\": true", "\"mid_block_add_attention\": false")
            .replace("\"use_quant_conv\": true", "\"use_quant_conv\": false")
            .replace("\"use_post_quant_conv\": true", "\"use_post_quant_conv\": false");
    Files.writeString(folder.resolve("config.json"), config);
    Files.copy(KL.resolve(WEIGHTS), folder.resolve(WEIGHTS));
    assertThatThrownBy(() -> load(folder))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining(
            "24 problems: unexpected decoder.mid_block.attentions.0.group_norm.bias")
        .hasMessageContaining("unexpected decoder.mid_block.attentions.0.to_q.weight");

    SafetensorsBytes bytes = SafetensorsBytes.copyOf(KL.resolve(WEIGHTS));
    bytes.names().stream()
        .filter(name -> name.contains("attentions") || name.contains("quant_conv"))
        .forEach(bytes::without);
    bytes.writeTo(folder.resolve(WEIGHTS));
    try (Autoencoder bare = load(folder);
        NDManager scope = kernels.manager().newSubManager()) {
      NDArray picture = bare.decode(scope, scope.ones(new Shape(1, 4, 2, 2)));
      assertThat(bare.encode(scope, picture).mean().getShape()).isEqualTo(new Shape(1, 4, 2, 2));
    }
  }

  @Test
  void refusesAnotherNetwork() {
    assertThatThrownBy(() -> load(Path.of("fixtures/sd15-tiny/unet")))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("is for UNet2DConditionModel; supported: AutoencoderKL, Auto");
  }

  private static Autoencoder load(Path path) {
    return Autoencoder.load(new ComponentFolder(path), kernels, ComputeType.FP32);
  }
}
