package dev.fresco.benchmarks.engine;

import dev.fresco.benchmarks.TemporaryFolder;
import dev.fresco.benchmarks.engine.RandomTensors.Stored;
import dev.fresco.engine.checkpoint.ClipTextConfig;
import dev.fresco.engine.checkpoint.ComponentFolder;
import dev.fresco.engine.checkpoint.ModelDirectory;
import dev.fresco.engine.checkpoint.ModelFamily;
import dev.fresco.engine.checkpoint.UNetConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A model in a temporary folder whose UNet has the sizes of a real one and random weights: speed
 * does not depend on what weights say. Tokenizers, autoencoder and scheduler are those of another
 * model; the text encoders have few layers, as they are not measured.
 *
 * @param temporary its folder
 */
public record RandomModel(TemporaryFolder temporary) implements AutoCloseable {
  private static final long SEED = 1;
  private static final int TEXT_LAYERS = 2;
  private static final int HEAD_WIDTH = 64;

  /** Words of a prompt, as in all models of these families. */
  private static final int POSITIONS = 77;

  /** Puts a model into an empty folder. */
  public interface Writer {
    void write(Path folder) throws IOException;
  }

  /**
   * Writes a UNet's model.
   *
   * @param other a model in the diffusers layout
   * @throws IOException if the disk is full, or the other lacks a file
   */
  public static RandomModel write(Architecture architecture, Stored stored, Path other)
      throws IOException {
    return written(folder -> writeParts(folder, architecture, new RandomTensors(stored), other));
  }

  /** A model in a temporary folder, of which nothing stays if it cannot be written. */
  public static RandomModel written(Writer writer) throws IOException {
    RandomModel model = new RandomModel(TemporaryFolder.create("fresco-random-"));
    try {
      writer.write(model.folder());
      return model;
    } catch (IOException | RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /** Where the model is. */
  public Path folder() {
    return temporary.path();
  }

  private static void writeParts(
      Path folder, Architecture architecture, RandomTensors tensors, Path other)
      throws IOException {
    copy(other.resolve("vae"), folder.resolve("vae"));
    copy(other.resolve("scheduler"), folder.resolve("scheduler"));
    writeUNet(folder, architecture, tensors, other);
    List<Integer> encoders = architecture.encoders();
    for (int i = 0; i < encoders.size(); i++) {
      String ending = i == 0 ? "" : "_" + (i + 1);
      copy(other.resolve("tokenizer"), folder.resolve("tokenizer" + ending));
      Path encoder = Files.createDirectory(folder.resolve("text_encoder" + ending));
      writeTextEncoder(encoder, encoders.get(i), i > 0, tensors, other);
    }
    Files.writeString(
        folder.resolve("model_index.json"), index(encoders.size(), ModelDirectory.open(other)));
  }

  private static String index(int encoders, ModelDirectory other) {
    String second =
        """
         "text_encoder_2": ["transformers", "CLIPTextModelWithProjection"],
         "tokenizer_2": ["transformers", "CLIPTokenizer"],
        """;
    return """
        {"_class_name": "%s", "_diffusers_version": "0.42.1",
         "scheduler": ["diffusers", "%s"],
         "text_encoder": ["transformers", "CLIPTextModel"],
         "tokenizer": ["transformers", "CLIPTokenizer"],
        %s "unet": ["diffusers", "%s"],
         "vae": ["diffusers", "%s"]}
        """
        .formatted(
            (encoders == 1 ? ModelFamily.STABLE_DIFFUSION : ModelFamily.STABLE_DIFFUSION_XL)
                .pipeline(),
            other.className("scheduler"),
            encoders == 1 ? "" : second,
            UNetConfig.CLASS_NAME,
            other.className("vae"));
  }

  private static void writeUNet(
      Path folder, Architecture architecture, RandomTensors tensors, Path other)
      throws IOException {
    Path unet = Files.createDirectory(folder.resolve("unet"));
    int channels =
        UNetConfig.read(new ComponentFolder(other.resolve("unet")).config()).ends().inChannels();
    Files.writeString(unet.resolve("config.json"), architecture.config(channels));
    tensors.write(
        unet.resolve("diffusion_pytorch_model.safetensors"),
        TensorShapes.unet(architecture, channels).byName(),
        SEED);
  }

  private static void writeTextEncoder(
      Path encoder, int channels, boolean projected, RandomTensors tensors, Path other)
      throws IOException {
    ClipTextConfig text =
        ClipTextConfig.read(new ComponentFolder(other.resolve("text_encoder")).config());
    Files.writeString(
        encoder.resolve("config.json"),
        """
        {"architectures": ["%s"], "hidden_size": %d, "intermediate_size": %d,
         "projection_dim": %d, "num_attention_heads": %d, "num_hidden_layers": %d,
         "vocab_size": %d, "max_position_embeddings": %d, "eos_token_id": %d}
        """
            .formatted(
                projected ? "CLIPTextModelWithProjection" : "CLIPTextModel",
                channels,
                channels * 4,
                channels,
                Math.max(1, channels / HEAD_WIDTH),
                TEXT_LAYERS,
                text.vocabulary(),
                POSITIONS,
                text.endToken()));
    tensors.write(
        encoder.resolve("model.safetensors"),
        TensorShapes.textEncoder(text.vocabulary(), POSITIONS, channels, TEXT_LAYERS, projected)
            .byName(),
        SEED + 1);
  }

  /** A file or a whole folder. */
  public static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
  }

  @Override
  public void close() throws IOException {
    temporary.close();
  }
}
