package dev.fresco.benchmarks.masked;

import dev.fresco.benchmarks.engine.RandomModel;
import dev.fresco.benchmarks.engine.RandomTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Flux model whose transformer has random weights. All else is of another model, which may be a
 * tiny one: a step does not depend on it but for the number of words.
 *
 * @param name by which it is asked for
 * @param heads of each attention
 * @param width of a head, a multiple of 8
 * @param doubleBlocks with weights of their own for text and picture
 * @param singleBlocks that treat all tokens alike
 */
record RandomDit(String name, int heads, int width, int doubleBlocks, int singleBlocks) {
  /** Half as wide as FLUX.1, with as wide heads and as many single blocks for each double one. */
  private static final RandomDit DIT = new RandomDit("dit", 12, 128, 1, 2);

  /** To try out what is to be run on the other. */
  private static final RandomDit TINY = new RandomDit("dit-tiny", 2, 16, 1, 1);

  static final List<RandomDit> ALL = List.of(DIT, TINY);

  private static final long SEED = 1;

  /** Sines and cosines of a number, as in all models of the family. */
  private static final int WAVES = 256;

  /** Channels of a token for each of a latent place: it is made of two by two. */
  private static final int PATCH = 4;

  static Optional<RandomDit> named(String name) {
    return ALL.stream().filter(each -> each.name().equals(name)).findFirst();
  }

  /**
   * What the transformer takes in.
   *
   * @param latents channels of the autoencoder
   * @param words channels of the second text encoder
   * @param pooled channels of the first one
   */
  record Inputs(int latents, int words, int pooled) {}

  /**
   * Writes a model.
   *
   * @param other a Flux model
   * @param autoencoder that stands in the place of the other's
   * @throws IOException if the disk is full, or the other lacks a file
   */
  RandomModel write(RandomTensors tensors, Path other, Path autoencoder, Inputs inputs)
      throws IOException {
    return RandomModel.written(
        folder -> {
          for (String part :
              List.of("scheduler", "tokenizer", "tokenizer_2", "text_encoder", "text_encoder_2")) {
            RandomModel.copy(other.resolve(part), folder.resolve(part));
          }
          RandomModel.copy(autoencoder, folder.resolve("vae"));
          String index = Files.readString(other.resolve("model_index.json"));
          Files.writeString(
              folder.resolve("model_index.json"),
              index.replace("\"AutoencoderKL\"", "\"AutoencoderTiny\""));
          Path transformer = Files.createDirectory(folder.resolve("transformer"));
          Files.writeString(transformer.resolve("config.json"), config(inputs));
          tensors.write(
              transformer.resolve("diffusion_pytorch_model.safetensors"), shapes(inputs), SEED);
        });
  }

  private int channels() {
    return heads * width;
  }

  /**
   * A quarter of a head's pairs of channels tell nothing of the place, as those of the text's axis.
   */
  private String config(Inputs inputs) {
    int across = width / 8 * 3;
    return """
        {"_class_name": "FluxTransformer2DModel", "guidance_embeds": true, "patch_size": 1,
         "in_channels": %d, "num_attention_heads": %d, "attention_head_dim": %d,
         "num_layers": %d, "num_single_layers": %d, "axes_dims_rope": [%d, %d, %d],
         "joint_attention_dim": %d, "pooled_projection_dim": %d}
        """
        .formatted(
            PATCH * inputs.latents(),
            heads,
            width,
            doubleBlocks,
            singleBlocks,
            width - 2 * across,
            across,
            across,
            inputs.words(),
            inputs.pooled());
  }

  private Map<String, long[]> shapes(Inputs inputs) {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    long channels = channels();
    long ends = (long) PATCH * inputs.latents();
    linear(shapes, "x_embedder", ends, channels);
    linear(shapes, "context_embedder", inputs.words(), channels);
    for (String part : List.of("timestep_embedder", "guidance_embedder", "text_embedder")) {
      long in = part.startsWith("text") ? inputs.pooled() : WAVES;
      linear(shapes, "time_text_embed." + part + ".linear_1", in, channels);
      linear(shapes, "time_text_embed." + part + ".linear_2", channels, channels);
    }
    for (int i = 0; i < doubleBlocks; i++) {
      doubleBlock(shapes, "transformer_blocks." + i + ".");
    }
    for (int i = 0; i < singleBlocks; i++) {
      singleBlock(shapes, "single_transformer_blocks." + i + ".");
    }
    linear(shapes, "norm_out.linear", channels, 2 * channels);
    linear(shapes, "proj_out", channels, ends);
    return shapes;
  }

  private void doubleBlock(Map<String, long[]> shapes, String name) {
    long channels = channels();
    for (String context : List.of("", "_context")) {
      linear(shapes, name + "norm1" + context + ".linear", channels, 6 * channels);
      linear(shapes, name + "ff" + context + ".net.0.proj", channels, 4 * channels);
      linear(shapes, name + "ff" + context + ".net.2", 4 * channels, channels);
    }
    for (String layer :
        List.of(
            "to_q",
            "to_k",
            "to_v",
            "to_out.0",
            "add_q_proj",
            "add_k_proj",
            "add_v_proj",
            "to_add_out")) {
      linear(shapes, name + "attn." + layer, channels, channels);
    }
    for (String norm : List.of("norm_q", "norm_k", "norm_added_q", "norm_added_k")) {
      shapes.put(name + "attn." + norm + ".weight", new long[] {width});
    }
  }

  private void singleBlock(Map<String, long[]> shapes, String name) {
    long channels = channels();
    linear(shapes, name + "norm.linear", channels, 3 * channels);
    linear(shapes, name + "proj_mlp", channels, 4 * channels);
    linear(shapes, name + "proj_out", 5 * channels, channels);
    for (String layer : List.of("to_q", "to_k", "to_v")) {
      linear(shapes, name + "attn." + layer, channels, channels);
    }
    for (String norm : List.of("norm_q", "norm_k")) {
      shapes.put(name + "attn." + norm + ".weight", new long[] {width});
    }
  }

  private static void linear(Map<String, long[]> shapes, String name, long in, long out) {
    shapes.put(name + ".weight", new long[] {out, in});
    shapes.put(name + ".bias", new long[] {out});
  }
}
