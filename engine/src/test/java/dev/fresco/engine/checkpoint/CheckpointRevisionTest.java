package dev.fresco.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.engine.EngineException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CheckpointRevisionTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(ModelFamily.class)
  void changesWithEveryFileThatALoadReadsAndNoOther(ModelFamily family) throws IOException {
    Checkpoint checkpoint = write(family);
    String first = CheckpointRevision.of(checkpoint);
    assertThat(first).matches("[0-9a-f]{16}");

    for (Path unread :
        Stream.of("README.md", "unet/pytorch_model.bin", "vae/model.fp16.safetensors")
            .map(folder::resolve)
            .toList()) {
      Files.createDirectories(unread.getParent());
      Files.writeString(unread, "other");
    }
    assertThat(CheckpointRevision.of(ModelDirectory.open(folder))).isEqualTo(first);

    SortedMap<String, Path> files = checkpoint.files();
    assertThat(files.keySet())
        .contains("model_index.json", "scheduler/scheduler_config.json", "vae/config.json")
        .contains(family.denoiser() + "/model-2.safetensors")
        .containsAll(family.tokenizers().stream().map(name -> name + "/vocab.json").toList())
        .containsAll(family.networks().stream().map(name -> name + "/config.json").toList());
    for (Path file : files.values()) {
      byte[] before = Files.readAllBytes(file);
      byte[] after = before.clone();
      after[after.length - 1] ^= 1;
      Files.write(file, after);
      assertThat(CheckpointRevision.of(files)).as(file.toString()).isNotEqualTo(first);
      Files.write(file, before);
    }
    assertThat(CheckpointRevision.of(files)).isEqualTo(first);
  }

  @Test
  void coversTheSingleFileAndWhatLiesBesideIt() throws IOException {
    Path file = new OriginalFile("sd15-tiny").zeros().writeTo(folder.resolve("model.safetensors"));
    Files.createDirectories(folder.resolve("tokenizer"));
    Path vocabulary = Files.writeString(folder.resolve("tokenizer/vocab.json"), "{}");
    Checkpoint checkpoint = Checkpoint.open(file);
    assertThat(checkpoint.files().keySet())
        .containsExactly("model.safetensors", "tokenizer/vocab.json");
    String first = CheckpointRevision.of(checkpoint);

    Files.writeString(vocabulary, "{ }");
    String second = CheckpointRevision.of(checkpoint);
    assertThat(second).isNotEqualTo(first);

    Path config = Files.createDirectories(folder.resolve("model/vae")).resolve("config.json");
    Files.writeString(config, "{}");
    assertThat(checkpoint.files()).containsKey("vae/config.json");
    assertThat(CheckpointRevision.of(checkpoint)).isNotEqualTo(second);
  }

  /** Files of several pieces; they take no space on disk. */
  @ParameterizedTest
  @CsvSource({"0", "1", "67108863", "67108864", "67108865", "199999999"})
  void seesEveryByteOfALargeFile(long bytes) throws IOException {
    Path file = folder.resolve("large");
    try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
      large.setLength(bytes);
    }
    SortedMap<String, Path> files = new TreeMap<>(Collections.singletonMap("large", file));
    String first = CheckpointRevision.of(files);
    for (long place : new long[] {0, bytes / 2, bytes - 1}) {
      if (place >= 0 && place < bytes) {
        try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
          large.seek(place);
          large.write(7);
          assertThat(CheckpointRevision.of(files)).isNotEqualTo(first);
          large.seek(place);
          large.write(0);
        }
      }
    }
    assertThat(CheckpointRevision.of(files)).isEqualTo(first);
  }

  @Test
  void namesTheFileThatIsMissing() throws IOException {
    Checkpoint checkpoint = write(ModelFamily.STABLE_DIFFUSION_XL);
    Files.delete(folder.resolve("text_encoder_2/model.safetensors"));
    assertThatThrownBy(() -> CheckpointRevision.of(checkpoint))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("text_encoder_2");
  }

  private Checkpoint write(ModelFamily family) throws IOException {
    StringBuilder index =
        new StringBuilder("{\"_class_name\":\"" + family.pipelines().get(0) + "\"");
    for (String network : family.networks()) {
      Path component = Files.createDirectories(folder.resolve(network));
      Files.writeString(component.resolve("config.json"), "{\"_class_name\":\"Network\"}");
      index.append(",\"%s\":[\"diffusers\",\"Network\"]".formatted(network));
      if (network.equals(family.denoiser())) {
        for (String shard : new String[] {"model-1", "model-2"}) {
          new SafetensorsBytes()
              .floats(shard, new float[4], 4)
              .writeTo(component.resolve(shard + ".safetensors"));
        }
        Files.writeString(
            component.resolve("model.safetensors.index.json"),
            "{\"weight_map\":{\"model-1\":\"model-1.safetensors\",\"model-2\":\"model-2.safetensors\"}}");
      } else {
        new SafetensorsBytes()
            .floats("x", new float[4], 4)
            .writeTo(component.resolve("model.safetensors"));
      }
    }
    for (String tokenizer : family.tokenizers()) {
      Files.createDirectories(folder.resolve(tokenizer));
      Files.writeString(folder.resolve(tokenizer + "/vocab.json"), "{}");
    }
    Files.createDirectories(folder.resolve("scheduler"));
    Files.writeString(folder.resolve("scheduler/scheduler_config.json"), "{}");
    Files.writeString(folder.resolve("model_index.json"), index.append('}'));
    return ModelDirectory.open(folder);
  }
}
