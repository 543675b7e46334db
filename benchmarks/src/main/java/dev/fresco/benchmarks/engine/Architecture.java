package dev.fresco.benchmarks.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The sizes of a UNet of the Stable Diffusion kind and of the text encoders before it. From them
 * come its configuration ({@link #config}) and its tensors ({@link TensorShapes}).
 *
 * @param name by which it is asked for
 * @param stages from the full resolution on
 * @param resnets of each stage on the way down
 * @param encoders channels of each text encoder: one, or two that are joined, the last of which
 *     gives the pooled prompt too
 * @param sizeWaves sines and cosines of each of the six numbers that tell the picture's size; 0 if
 *     the network is not told
 * @param linearProjection whether the projections around transformers are stored as matrices
 */
public record Architecture(
    String name,
    List<Stage> stages,
    int resnets,
    List<Integer> encoders,
    int sizeWaves,
    boolean linearProjection) {
  /**
   * One resolution.
   *
   * @param layers of each transformer; 0 if it has none
   * @param heads of their attention
   */
  public record Stage(int channels, int layers, int heads) {
    boolean attention() {
      return layers > 0;
    }
  }

  /** Stable Diffusion 1.5. */
  static final Architecture SD15 =
      new Architecture(
          "sd15",
          List.of(
              new Stage(320, 1, 8),
              new Stage(640, 1, 8),
              new Stage(1280, 1, 8),
              new Stage(1280, 0, 8)),
          2,
          List.of(768),
          0,
          false);

  /** Stable Diffusion 2.1. */
  static final Architecture SD21 =
      new Architecture(
          "sd21",
          List.of(
              new Stage(320, 1, 5),
              new Stage(640, 1, 10),
              new Stage(1280, 1, 20),
              new Stage(1280, 0, 20)),
          2,
          List.of(1024),
          0,
          true);

  /** Stable Diffusion XL with half of all its channels. */
  static final Architecture SDXL_HALF =
      new Architecture(
          "sdxl-half",
          List.of(new Stage(160, 0, 5), new Stage(320, 2, 10), new Stage(640, 10, 20)),
          2,
          List.of(384, 640),
          128,
          true);

  /** Stable Diffusion 2.1 with half of all its channels. */
  static final Architecture SD21_HALF =
      new Architecture(
          "sd21-half",
          List.of(
              new Stage(160, 1, 5),
              new Stage(320, 1, 10),
              new Stage(640, 1, 20),
              new Stage(640, 0, 20)),
          2,
          List.of(512),
          0,
          true);

  static final List<Architecture> ALL = List.of(SD15, SD21, SD21_HALF, SDXL_HALF);

  private static final int SIZE_NUMBERS = 6;

  public static Optional<Architecture> named(String name) {
    return ALL.stream().filter(each -> each.name().equals(name)).findFirst();
  }

  int timeChannels() {
    return stages.get(0).channels() * 4;
  }

  /** Channels of the prompt. */
  int context() {
    return encoders.stream().mapToInt(Integer::intValue).sum();
  }

  boolean toldSizes() {
    return sizeWaves > 0;
  }

  /** Numbers that come in beside the timestep: the pooled prompt and the embedded sizes. */
  int additionChannels() {
    return encoders.get(encoders.size() - 1) + SIZE_NUMBERS * sizeWaves;
  }

  /** Layers of the transformer in the middle, which is there in any case. */
  int middleLayers() {
    return Math.max(1, lowest().layers());
  }

  Stage lowest() {
    return stages.get(stages.size() - 1);
  }

  /** {@code config.json} as diffusers writes it, without what is at its default. */
  String config(int latentChannels) {
    List<Stage> upwards = new ArrayList<>(stages);
    Collections.reverse(upwards);
    return """
        {"_class_name": "UNet2DConditionModel", "sample_size": %d,
         "in_channels": %d, "out_channels": %d, "block_out_channels": [%s],
         "down_block_types": [%s], "up_block_types": [%s], "layers_per_block": %d,
         "transformer_layers_per_block": [%s], "attention_head_dim": [%s],
         "cross_attention_dim": %d, "use_linear_projection": %s%s}
        """
        .formatted(
            toldSizes() ? 128 : 64,
            latentChannels,
            latentChannels,
            each(stages.stream(), Stage::channels),
            each(stages.stream(), stage -> type(stage, "DownBlock2D")),
            each(upwards.stream(), stage -> type(stage, "UpBlock2D")),
            resnets,
            each(stages.stream(), stage -> Math.max(1, stage.layers())),
            each(stages.stream(), Stage::heads),
            context(),
            linearProjection,
            addition());
  }

  private String addition() {
    return toldSizes()
        ? """
        ,
         "addition_embed_type": "text_time", "addition_time_embed_dim": %d,
         "projection_class_embeddings_input_dim": %d"""
            .formatted(sizeWaves, additionChannels())
        : "";
  }

  private static String type(Stage stage, String plain) {
    return "\"" + (stage.attention() ? "CrossAttn" : "") + plain + "\"";
  }

  private static String each(Stream<Stage> stages, Function<Stage, Object> word) {
    return stages.map(word).map(String::valueOf).collect(Collectors.joining(", "));
  }
}
