package dev.fresco.engine.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.engine.EngineException;
import dev.fresco.engine.TextStates;
import dev.fresco.engine.checkpoint.ComponentFolder;
import dev.fresco.engine.checkpoint.SafetensorsBytes;
import dev.fresco.engine.kernel.ComputeType;
import dev.fresco.engine.kernel.KernelLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
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
      float[] shorter = states(encoder, 609, 5, 6);
      float[] longer = states(encoder, 609, 5, 6, 7, 610);
      assertThat(Arrays.copyOf(longer, shorter.length))
          .usingComparatorWithPrecision(1e-5f)
          .containsExactly(shorter);
    }
  }

  @Test
  void poolsAtTheFirstEndToken() {
    try (ClipTextEncoder encoder = load(ENCODER)) {
      TextStates output = encode(encoder, 609, 5, 610, 6, 610);
      assertPooledAt(2, output);
      TextStates endless = encode(encoder, 609, 5);
      assertPooledAt(0, endless);
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
      assertPooledAt(2, encode(encoder, 7, 2, 600, 6, 600));
    }
  }

  @Test
  void ignoresTheConstantPositionsOfOldFiles() throws IOException {
    Files.copy(ENCODER.resolve("config.json"), folder.resolve("config.json"));
    SafetensorsBytes.copyOf(ENCODER.resolve("model.safetensors"))
        .floats("text_model.embeddings.position_ids", new float[77], 1, 77)
        .writeTo(folder.resolve("model.safetensors"));
    try (ClipTextEncoder encoder = load(ENCODER);
        ClipTextEncoder old = load(folder)) {
      assertThat(states(old, 609, 5, 610)).containsExactly(states(encoder, 609, 5, 610));
    }
  }

  @Test
  void textsOfOnePassDoNotTouchEachOther() {
    int[] cat = {609, 320, 592, 610};
    int[] dog = {609, 320, 597, 610};
    try (ClipTextEncoder encoder = load(ENCODER)) {
      List<TextStates> both = encoder.encode(List.of(cat, dog), ClipReading.WHOLE);
      for (int i = 0; i < 2; i++) {
        TextStates alone = encode(encoder, i == 0 ? cat : dog);
        assertThat(both.get(i).states().data())
            .usingComparatorWithPrecision(1e-5f)
            .containsExactly(alone.states().data());
        assertThat(both.get(i).pooled().data())
            .usingComparatorWithPrecision(1e-5f)
            .containsExactly(alone.pooled().data());
      }
      assertThatThrownBy(
              () -> encoder.encode(List.of(cat, new int[] {609, 610}), ClipReading.WHOLE))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("texts of 4 and 2 tokens");
    }
  }

  @Test
  void theLayerReadDoesNotChangeThePooledState() {
    try (ClipTextEncoder encoder = load(ENCODER)) {
      List<int[]> text = List.of(new int[] {609, 5, 610});
      TextStates whole = encoder.encode(text, ClipReading.WHOLE).get(0);
      TextStates earlier = encoder.encode(text, new ClipReading(2, false, true)).get(0);
      assertThat(earlier.pooled().data()).containsExactly(whole.pooled().data());
      assertThat(earlier.states().data()).isNotEqualTo(whole.states().data());
      assertThat(encoder.encode(text, new ClipReading(0, true, false)).get(0))
          .satisfies(bare -> assertThat(bare.pooled()).isNull())
          .satisfies(
              bare -> assertThat(bare.states().data()).containsExactly(whole.states().data()));
    }
  }

  @Test
  void refusesWhatItCannotTake() {
    try (ClipTextEncoder encoder = load(ENCODER)) {
      assertThatThrownBy(() -> encode(encoder, new int[78]))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("78 tokens; the encoder takes 1 to 77");
      assertThatThrownBy(() -> encode(encoder)).isInstanceOf(EngineException.class);
      assertThatThrownBy(() -> encode(encoder, 1, 611))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("token 611 is outside the vocabulary of 611");
      assertThatThrownBy(
              () -> encoder.encode(List.of(new int[] {1}), new ClipReading(4, true, false)))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("4 layers of the text encoder left out; it has 3");
    }
  }

  @Test
  void refusesAnotherNetwork() throws IOException {
    Files.writeString(folder.resolve("config.json"), "{\"architectures\": [\"T5EncoderModel\"]}");
    assertThatThrownBy(() -> load(folder))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("architectures is T5EncoderModel");
  }

  private static TextStates encode(ClipTextEncoder encoder, int... ids) {
    return encoder.encode(List.of(ids), ClipReading.WHOLE).get(0);
  }

  private static float[] states(ClipTextEncoder encoder, int... ids) {
    return encode(encoder, ids).states().data();
  }

  private static void assertPooledAt(int row, TextStates output) {
    int channels = (int) output.states().shape()[1];
    assertThat(output.pooled().data())
        .usingComparatorWithPrecision(1e-6f)
        .containsExactly(
            Arrays.copyOfRange(output.states().data(), row * channels, (row + 1) * channels));
  }

  private static ClipTextEncoder load(Path path) {
    return ClipTextEncoder.load(new ComponentFolder(path), kernels, ComputeType.FP32);
  }
}
