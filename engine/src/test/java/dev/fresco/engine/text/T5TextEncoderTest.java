package dev.fresco.engine.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.engine.EngineException;
import dev.fresco.engine.GoldenTensors;
import dev.fresco.engine.checkpoint.ComponentFolder;
import dev.fresco.engine.checkpoint.SafetensorsBytes;
import dev.fresco.engine.checkpoint.T5Config.Distances;
import dev.fresco.engine.kernel.ComputeType;
import dev.fresco.engine.kernel.KernelLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class T5TextEncoderTest {
  private static final Path ENCODER = GoldenTensors.path("t5-plain/text_encoder_2");
  private static final String SHARED = "shared.weight";
  private static final String EMBEDDING = "encoder.embed_tokens.weight";
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
  void theEmbeddingGoesByEitherNameOrBoth() throws IOException {
    float[] expected = states(ENCODER);
    SafetensorsBytes stored = SafetensorsBytes.copyOf(ENCODER.resolve("model.safetensors"));
    Files.copy(ENCODER.resolve("config.json"), folder.resolve("config.json"));
    Path weights = folder.resolve("model.safetensors");

    stored.renamed(name -> name.equals(SHARED) ? EMBEDDING : name).writeTo(weights);
    assertThat(states(folder)).containsExactly(expected);

    GoldenTensors tensors = GoldenTensors.read("t5-plain/text_encoder_2/model.safetensors");
    SafetensorsBytes.copyOf(ENCODER.resolve("model.safetensors"))
        .floats(EMBEDDING, tensors.floats(SHARED), tensors.shape(SHARED))
        .floats("decoder.final_layer_norm.weight", new float[20], 20)
        .floats("lm_head.weight", new float[20], 1, 20)
        .writeTo(weights);
    assertThat(states(folder)).containsExactly(expected);
  }

  @Test
  void aMissingTensorIsNamed() throws IOException {
    Files.copy(ENCODER.resolve("config.json"), folder.resolve("config.json"));
    SafetensorsBytes.copyOf(ENCODER.resolve("model.safetensors"))
        .without(SHARED)
        .writeTo(folder.resolve("model.safetensors"));
    assertThatThrownBy(() -> states(folder))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("missing embed_tokens.weight");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "feed_forward_proj|\"gated-silu\"",
        "relative_attention_num_buckets|3",
        "relative_attention_max_distance|8",
        "num_heads|0"
      })
  void refusesOptionsByKeyAndValue(String key, String value) throws IOException {
    Files.writeString(
        folder.resolve("config.json"),
        "{\"architectures\": [\"T5EncoderModel\"], \"%s\": %s}".formatted(key, value));
    assertThatThrownBy(() -> states(folder))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining(key + " is " + value);
  }

  @Test
  void refusesTokensOutsideTheVocabulary() {
    try (T5TextEncoder encoder = load(ENCODER)) {
      assertThatThrownBy(() -> encoder.encode(List.of(new int[] {310})))
          .hasMessageContaining("token 310 is outside the vocabulary of 310");
      assertThatThrownBy(() -> encoder.encode(List.of(new int[0])))
          .isInstanceOf(EngineException.class);
    }
  }

  /** 4 of 8 buckets a side: distances 0 and 1 alone, then up to 8, then all the rest. */
  @Test
  void bucketsGrowWithTheDistance() {
    assertThat(RelativeDistances.buckets(11, new Distances(8, 32)))
        .containsExactly(3, 3, 3, 2, 2, 2, 2, 2, 2, 1, 0, 5, 6, 6, 6, 6, 6, 6, 7, 7, 7);
    assertThat(RelativeDistances.buckets(1, new Distances(8, 32))).containsExactly(0);
  }

  private static float[] states(Path path) {
    try (T5TextEncoder encoder = load(path)) {
      return encoder.encode(List.of(new int[] {5, 9, 30, 1})).get(0).states().data();
    }
  }

  private static T5TextEncoder load(Path path) {
    return T5TextEncoder.load(new ComponentFolder(path), kernels, ComputeType.FP32);
  }
}
