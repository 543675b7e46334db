package dev.fresco.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.engine.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShardedSafetensorsTest {
  private static final String ONE = "model-00001-of-00002.safetensors";
  private static final String TWO = "model-00002-of-00002.safetensors";

  @TempDir Path folder;

  @BeforeEach
  void writeShards() {
    new SafetensorsBytes()
        .floats("a", new float[] {1}, 1)
        .floats("c", new float[] {3}, 1)
        .writeTo(folder.resolve(ONE));
    new SafetensorsBytes().floats("b", new float[] {2, 2.5f}, 2).writeTo(folder.resolve(TWO));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model.safetensors.index.json",
        "diffusion_pytorch_model.safetensors.index.json",
        "model.safetensors.index.fp16.json",
        "diffusion_pytorch_model.fp16.safetensors.index.json"
      })
  void readsAllShardsAsOneSource(String name) throws IOException {
    Path index = write(name, ONE, TWO, ONE);
    ComponentFolder component = new ComponentFolder(folder);
    try (TensorSource source = component.weights()) {
      assertThat(source.tensors().keySet()).containsExactly("a", "b", "c");
      assertThat(source.floats("a")).containsExactly(1);
      assertThat(source.floats("b")).containsExactly(2, 2.5f);
      assertThat(source.floats("c")).containsExactly(3);
      assertThat(source.place()).isEqualTo(index.toString());
      assertThat(source.place(source.tensor("b"))).endsWith(TWO + ": tensor b");
    }
    assertThat(component.files())
        .containsExactly(
            folder.resolve("config.json"), index, folder.resolve(ONE), folder.resolve(TWO));
  }

  @Test
  void prefersOneFileToShardsOfTheSamePrecision() throws IOException {
    write("model.safetensors.index.json", ONE, TWO, ONE);
    new SafetensorsBytes()
        .floats("x", new float[1], 1)
        .writeTo(folder.resolve("model.safetensors"));
    try (TensorSource source = new ComponentFolder(folder).weights()) {
      assertThat(source.tensors().keySet()).containsExactly("x");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../model.safetensors",
        "/etc/passwd",
        "/tmp/model.safetensors",
        "sub/model.safetensors",
        "..",
        ".hidden.safetensors",
        "sub\\\\model.safetensors",
        "model.bin",
        ""
      })
  void refusesAShardThatIsNoPlainName(String name) throws IOException {
    Path index = write("model.safetensors.index.json", ONE, name, ONE);
    refuses(index, "weight_map.b has the shard \"" + name);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}|weight_map is no JSON object",
        "{\"weight_map\":[]}|weight_map is no JSON object",
        "{\"weight_map\":{}}|weight_map is no JSON object with entries",
        "{\"weight_map\":{\"a\":1}}|weight_map.a has the shard 1",
        "{\"weight_map\":{\"a\":\"x.safetensors\",\"a\":\"y.safetensors\"}}|is no JSON",
        "[|is no JSON"
      })
  void refusesAnIndexThatDoesNotHold(String json, String why) throws IOException {
    refuses(Files.writeString(folder.resolve("model.safetensors.index.json"), json), why);
  }

  @Test
  void refusesAShardThatIsNotThere() throws IOException {
    Path index = write("model.safetensors.index.json", ONE, "model-3.safetensors", ONE);
    refuses(index, "weight_map.b has the shard model-3.safetensors, but there is no file");
  }

  @Test
  void refusesAKeyThatItsShardLacks() throws IOException {
    Path index = write("model.safetensors.index.json", ONE, ONE, ONE);
    refuses(index, "weight_map.b says that " + folder.resolve(ONE) + " has it");
  }

  @Test
  void refusesAKeyThatTheIndexLacks() throws IOException {
    Path index =
        Files.writeString(
            folder.resolve("model.safetensors.index.json"),
            "{\"weight_map\":{\"a\":\"%s\",\"b\":\"%s\"}}".formatted(ONE, TWO));
    assertThatThrownBy(() -> ShardedSafetensors.open(index))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining(ONE + ": has a tensor c that " + index + " does not list");
  }

  @Test
  void refusesAKeyThatIsInTwoShards() throws IOException {
    new SafetensorsBytes()
        .floats("a", new float[] {9}, 1)
        .floats("b", new float[] {2}, 1)
        .writeTo(folder.resolve(TWO));
    Path index = write("model.safetensors.index.json", ONE, TWO, ONE);
    assertThatThrownBy(() -> ShardedSafetensors.open(index))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining(TWO + ": has a tensor a that " + index + " says is in " + ONE);
  }

  @Test
  void refusesADamagedShard() throws IOException {
    Files.writeString(folder.resolve(TWO), "short");
    Path index = write("model.safetensors.index.json", ONE, TWO, ONE);
    assertThatThrownBy(() -> ShardedSafetensors.open(index))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining(TWO);
  }

  private static void refuses(Path index, String why) {
    assertThatThrownBy(() -> ShardedSafetensors.open(index))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining(index.toString())
        .hasMessageContaining(why);
  }

  private Path write(String name, String a, String b, String c) throws IOException {
    return Files.writeString(
        folder.resolve(name),
        "{\"metadata\":{\"total_size\":16},\"weight_map\":{\"a\":\"%s\",\"b\":\"%s\",\"c\":\"%s\"}}"
            .formatted(a, b, c));
  }
}
