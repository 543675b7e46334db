package dev.fresco.engine.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.engine.EngineException;
import dev.fresco.engine.checkpoint.ComponentFolder;
import dev.fresco.engine.checkpoint.SafetensorsBytes;
import dev.fresco.engine.kernel.ComputeType;
import dev.fresco.engine.kernel.KernelLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClipTextEncoderTest {
  private static final Path ENCODER = Path.of("fixtures/sd15-tiny/text_encoder");
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
  void laterTokensDoNotChangeEarlierStates() {
    try (ClipTextEncoder encoder = load(ENCODER)) {
      float[] shorter = encoder.encode(new int[] {609, 5, 6}).data();
      float[] longer = encoder.encode(new int[] {609, 5, 6, 7, 610}).data();
      assertThat(Arrays.copyOf(longer, shorter.length))
          .usingComparatorWithPrecision(1e-5f)
          .containsExactly(shorter);
    }
  }

  @Test
  void poolsAtTheFirstEndToken() {
    try (ClipTextEncoder encoder = load(ENCODER)) {
      ClipOutput output = encoder.encodeFully(new int[] {609, 5, 610, 6, 610});
      assertThat(output.pooled().data()).containsExactly(row(output, 2));
      ClipOutput endless = encoder.encodeFully(new int[] {609, 5});
      assertThat(endless.pooled().data()).containsExactly(row(endless, 0));
    }
  }

  @Test
  void poolsAtTheLargestTokenUnderTheLegacyConfiguration() throws IOException {
    String config = Files.readString(ENCODER.resolve("config.json"));
    Files.writeString(
        folder.resolve("config.json"),
        config.replace("\"eos_token_id\": 610", "\"eos_token_id\": 2"));
    Files.copy(ENCODER.resolve("model.safetensors"), folder.resolve("model.safetensors"));
    try (ClipTextEncoder encoder = load(folder)) {
      ClipOutput output = encoder.encodeFully(new int[] {7, 2, 600, 6, 600});
      assertThat(output.pooled().data()).containsExactly(row(output, 2));
    }
  }

  @Test
  void ignoresTheConstantPositionsOfOldFiles() throws IOException {
    Files.copy(ENCODER.resolve("config.json"), folder.resolve("config.json"));
    SafetensorsBytes.copyOf(ENCODER.resolve("model.safetensors"))
        .floats("text_model.embeddings.position_ids", new float[77], 1, 77)
        .writeTo(folder.resolve("model.safetensors"));
    int[] ids = {609, 5, 610};
    try (ClipTextEncoder encoder = load(ENCODER);
        ClipTextEncoder old = load(folder)) {
      assertThat(old.encode(ids).data()).containsExactly(encoder.encode(ids).data());
    }
  }

  @Test
  void refusesTokensThatItCannotTake() {
    try (ClipTextEncoder encoder = load(ENCODER)) {
      assertThatThrownBy(() -> encoder.encode(new int[78]))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("78 tokens; the encoder takes 1 to 77");
      assertThatThrownBy(() -> encoder.encode(new int[0])).isInstanceOf(EngineException.class);
      assertThatThrownBy(() -> encoder.encode(new int[] {1, 611}))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("token 611 is outside the vocabulary of 611");
    }
  }

  private static float[] row(ClipOutput output, int index) {
    int channels = (int) output.last().shape()[1];
    return Arrays.copyOfRange(output.last().data(), index * channels, (index + 1) * channels);
  }

  private static ClipTextEncoder load(Path path) {
    return ClipTextEncoder.load(new ComponentFolder(path), kernels, ComputeType.FP32);
  }
}
