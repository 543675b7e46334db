package dev.fresco.engine.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.engine.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Whatever a configuration holds, it is either read or refused with an {@link EngineException} that
 * names the file.
 */
class ConfigDamageTest {
  private static final List<Consumer<ConfigJson>> READERS =
      List.of(
          UNetConfig::read,
          AutoencoderKlConfig::read,
          AutoencoderTinyConfig::read,
          ClipTextConfig::read,
          ConfigJson::className);

  /** Sound configurations of every kind, as one JSON object each. */
  private static final List<Path> SOUND =
      List.of(
          Path.of("fixtures/sd15-tiny/unet/config.json"),
          Path.of("fixtures/sd15-tiny/vae/config.json"),
          Path.of("fixtures/sd15-tiny/text_encoder/config.json"),
          Path.of("fixtures/autoencoder-tiny/config.json"));

  private static Path file;

  @BeforeContainer
  static void makeFile() throws IOException {
    file = Files.createTempFile("config", ".json");
  }

  @AfterContainer
  static void removeFile() throws IOException {
    Files.delete(file);
  }

  @Property(tries = 500)
  void anyValueUnderAnyKey(
      @ForAll @IntRange(max = 3) int sound, @ForAll int place, @ForAll("json") String value)
      throws IOException {
    List<String> lines = Files.readAllLines(SOUND.get(sound));
    List<Integer> keys =
        IntStream.range(0, lines.size())
            .filter(i -> lines.get(i).matches("  \"\\w+\": [^\\[{]*"))
            .boxed()
            .toList();
    int line = keys.get(Math.floorMod(place, keys.size()));
    String key = lines.get(line).split(":")[0];
    boolean last = !lines.get(line).endsWith(",");
    lines.set(line, key + ": " + value + (last ? "" : ","));
    readsOrRefuses(String.join("\n", lines).getBytes(UTF_8));
  }

  @Property(tries = 400)
  void changedBytes(
      @ForAll @IntRange(max = 3) int sound,
      @ForAll @Size(min = 1, max = 4) int[] places,
      @ForAll @Size(4) byte[] values)
      throws IOException {
    byte[] bytes = Files.readAllBytes(SOUND.get(sound));
    for (int i = 0; i < places.length; i++) {
      bytes[Math.floorMod(places[i], bytes.length)] = values[i];
    }
    readsOrRefuses(bytes);
  }

  @Property(tries = 300)
  void noise(@ForAll @Size(max = 200) byte[] bytes) throws IOException {
    readsOrRefuses(bytes);
  }

  @Property(tries = 300)
  void anyObject(@ForAll("json") String first, @ForAll("json") String second) throws IOException {
    readsOrRefuses(
        "{\"block_out_channels\": %s, \"layers_per_block\": %s}"
            .formatted(first, second)
            .getBytes(UTF_8));
  }

  @Property(tries = 300)
  void anyIndexOfShards(@ForAll("json") String value, @ForAll("json") String shard)
      throws IOException {
    for (String index :
        List.of(
            "{\"weight_map\": " + value + "}",
            "{\"weight_map\": {\"a\": " + shard + ", \"b\": \"x.safetensors\"}}",
            value)) {
      SafetensorsBytes.write(file, index.getBytes(UTF_8));
      try (ShardedSafetensors opened = ShardedSafetensors.open(file)) {
        throw new AssertionError("there are no shards: " + opened.place());
      } catch (EngineException refusal) {
        assertThat(refusal).hasMessageContaining(file.toString());
      }
    }
  }

  @Property(tries = 200)
  void anyModelIndex(@ForAll("json") String pipeline, @ForAll("json") String component)
      throws IOException {
    Path folder = Files.createTempDirectory("model");
    Path index = folder.resolve("model_index.json");
    try {
      for (String text :
          List.of(
              "{\"_class_name\": " + pipeline + "}",
              "{\"_class_name\": \"FluxPipeline\", \"vae\": " + component + "}",
              pipeline)) {
        SafetensorsBytes.write(index, text.getBytes(UTF_8));
        try {
          ModelDirectory.open(folder).component("vae");
          throw new AssertionError("there is no folder vae");
        } catch (EngineException refusal) {
          assertThat(refusal).hasMessageContaining(index.toString());
        }
      }
    } finally {
      Files.delete(index);
      Files.delete(folder);
    }
  }

  @Provide
  Arbitrary<String> json() {
    Arbitrary<String> plain =
        Arbitraries.of(
            "null",
            "true",
            "0",
            "-1",
            "1",
            "2",
            "8",
            "16777216",
            "16777217",
            "2147483647",
            "2147483648",
            "-2147483649",
            "9223372036854775808",
            "1" + "0".repeat(400),
            "1e999",
            "-1e-999",
            "1e400000000",
            "8.0",
            "0.5",
            "NaN",
            "-Infinity",
            "\"\"",
            "\"8\"",
            "\"DownBlock2D\"",
            "\"../x.safetensors\"",
            "\"\\ud800\"",
            "[]",
            "{}",
            "[".repeat(600) + "]".repeat(600),
            "[" + "1,".repeat(5000) + "1]");
    Arbitrary<String> simple =
        Arbitraries.oneOf(plain, Arbitraries.integers().map(String::valueOf));
    return Arbitraries.oneOf(
        simple,
        simple.list().ofMinSize(1).ofMaxSize(4).map(items -> "[" + String.join(",", items) + "]"),
        simple.map(value -> "{\"a\": " + value + ", \"b\": [" + value + "]}"));
  }

  private static void readsOrRefuses(byte[] json) {
    SafetensorsBytes.write(file, json);
    for (Consumer<ConfigJson> reader : READERS) {
      try {
        ConfigJson config = ConfigJson.read(file);
        assertThat(config.values()).doesNotContainValue(null);
        reader.accept(config);
      } catch (EngineException refusal) {
        assertThat(refusal).hasMessageContaining(file.toString());
        assertThat(refusal.getMessage().length()).isLessThan(2000);
      }
    }
  }
}
