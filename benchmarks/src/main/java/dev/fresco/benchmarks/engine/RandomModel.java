package dev.fresco.benchmarks.engine;

import dev.fresco.engine.checkpoint.ClipTextConfig;
import dev.fresco.engine.checkpoint.ComponentFolder;
import dev.fresco.engine.checkpoint.UNetConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A model in a temporary folder whose UNet has the sizes of a real one and random weights: speed
 * does not depend on what weights say. Tokenizer, autoencoder and scheduler are those of another
 * model; the text encoder has but one layer, as it is not measured.
 *
 * @param folder of the model, deleted on closing
 */
record RandomModel(Path folder) implements AutoCloseable {
  private static final long SEED = 1;
  private static final int TEXT_LAYERS = 1;

  /**
   * Writes a model.
   *
   * @param other a model in the diffusers layout
   * @throws IOException if the disk is full, or the other lacks a file
   */
  static RandomModel write(Architecture architecture, Path other) throws IOException {
    RandomModel model = new RandomModel(Files.createTempDirectory("fresco-random-"));
    try {
      for (String part : List.of("model_index.json", "tokenizer", "vae", "scheduler")) {
        copy(other.resolve(part), model.folder().resolve(part));
      }
      model.writeUNet(architecture, other);
      model.writeTextEncoder(architecture, other);
      return model;
    } catch (IOException | RuntimeException e) {
      model.close();
      throw e;
    }
  }

  private void writeUNet(Architecture architecture, Path other) throws IOException {
    Path unet = Files.createDirectory(folder.resolve("unet"));
    int channels =
        UNetConfig.read(new ComponentFolder(other.resolve("unet")).config()).ends().inChannels();
    Files.writeString(unet.resolve("config.json"), architecture.config(channels));
    RandomTensors.write(
        unet.resolve("diffusion_pytorch_model.safetensors"),
        TensorShapes.unet(architecture, channels).byName(),
        SEED);
  }

  private void writeTextEncoder(Architecture architecture, Path other) throws IOException {
    Path encoder = Files.createDirectory(folder.resolve("text_encoder"));
    ClipTextConfig text =
        ClipTextConfig.read(new ComponentFolder(other.resolve("text_encoder")).config());
    int channels = architecture.context();
    Files.writeString(
        encoder.resolve("config.json"),
        """
        {"architectures": ["CLIPTextModel"], "hidden_size": %d, "intermediate_size": %d,
         "num_attention_heads": %d, "num_hidden_layers": %d, "vocab_size": %d,
         "max_position_embeddings": %d, "eos_token_id": %d}
        """
            .formatted(
                channels,
                channels * 4,
                architecture.heads(),
                TEXT_LAYERS,
                text.vocabulary(),
                text.positions(),
                text.endToken()));
    RandomTensors.write(
        encoder.resolve("model.safetensors"),
        TensorShapes.textEncoder(text.vocabulary(), text.positions(), channels, TEXT_LAYERS)
            .byName(),
        SEED + 1);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
  }

  /** Parts that are still mapped stay readable until the process ends. */
  @Override
  public void close() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
