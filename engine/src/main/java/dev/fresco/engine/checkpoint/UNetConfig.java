package dev.fresco.engine.checkpoint;

import dev.fresco.engine.EngineException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/**
 * The architecture of a {@code UNet2DConditionModel} of the Stable Diffusion 1 and 2 kind, with
 * diffusers' defaults.
 */
public record UNetConfig(
    Ends ends,
    Time time,
    AddedConditioning added,
    Normalisation norm,
    CrossAttention crossAttention,
    Stages stages) {

  /** The class of diffusers whose networks these are. */
  public static final String CLASS_NAME = "UNet2DConditionModel";

  /** First and last convolution: channels, and kernel widths (odd). */
  public record Ends(int inChannels, int inKernel, int outChannels, int outKernel) {}

  /**
   * Timestep embedding.
   *
   * @param waves sines and cosines together
   * @param channels of the projected embedding
   * @param cosineFirst whether cosines stand before sines
   * @param shift subtracted from the number of frequencies
   */
  public record Time(int waves, int channels, boolean cosineFirst, double shift) {}

  /**
   * What SDXL adds to the time embedding: sizes of the picture and the text as a whole.
   *
   * @param waves sines and cosines of each of the sizes together; 0 for a network that takes none
   * @param textChannels of the text
   */
  public record AddedConditioning(int waves, int textChannels) {
    /** Original height and width, top and left of the crop, wanted height and width. */
    public static final int SIZES = 6;

    private static final AddedConditioning NONE = new AddedConditioning(0, 0);

    public boolean isThere() {
      return waves > 0;
    }
  }

  /**
   * @param contextChannels of the text encoder's states
   * @param linearProjection whether the projections around a transformer are stored as matrices,
   *     not as 1x1 convolutions
   */
  public record CrossAttention(int contextChannels, boolean linearProjection) {}

  /**
   * One resolution on one side.
   *
   * @param channels that leave it
   * @param resnets how many
   * @param attention whether a transformer follows each resnet
   * @param layers of each transformer; may be 0 where there is none
   * @param heads of its attention
   * @param onlyCross whether its self-attention looks at the context instead
   */
  public record Stage(
      int channels, int resnets, boolean attention, int layers, int heads, boolean onlyCross) {}

  /**
   * @param down from the full resolution on
   * @param middle one transformer between two resnets
   * @param up from the lowest resolution on; its resnets include the one for the extra skip
   * @param downsamplePadding of the halving convolutions
   * @param middleScale that the middle's resnets are divided by
   */
  public record Stages(
      List<Stage> down, Stage middle, List<Stage> up, int downsamplePadding, double middleScale) {}

  /**
   * Reads a configuration.
   *
   * @throws EngineException naming the file, key and value of what is not supported
   */
  public static UNetConfig read(ConfigJson json) {
    json.requireUnset(
        "center_input_sample",
        "class_embed_type",
        "cross_attention_norm",
        "dual_cross_attention",
        "encoder_hid_dim",
        "encoder_hid_dim_type",
        "num_class_embeds",
        "reverse_transformer_layers_per_block",
        "time_cond_proj_dim",
        "time_embedding_act_fn",
        "timestep_post_act");
    json.choice("act_fn", "silu", List.of("silu", "swish"));
    json.choice("attention_type", "default", List.of("default"));
    json.choice("resnet_time_scale_shift", "default", List.of("default"));
    if (json.decimal("resnet_out_scale_factor", 1) != 1) {
      throw json.refused("resnet_out_scale_factor", json.value("resnet_out_scale_factor"), "1");
    }
    if (json.flag("resnet_skip_time_act", false)) {
      throw json.refused("resnet_skip_time_act", true, "false");
    }
    json.choice("time_embedding_type", "positional", List.of("positional"));
    Stages stages = stages(json);
    int first = stages.down().get(0).channels();
    Normalisation norm =
        new Normalisation(json.size("norm_num_groups", 32), json.decimal("norm_eps", 1e-5));
    requireFit(json, stages, norm);
    return new UNetConfig(
        new Ends(
            json.size("in_channels", 4),
            oddKernel(json, "conv_in_kernel"),
            json.size("out_channels", 4),
            oddKernel(json, "conv_out_kernel")),
        new Time(
            first,
            json.size("time_embedding_dim", first * 4),
            json.flag("flip_sin_to_cos", true),
            json.decimal("freq_shift", 0)),
        added(json),
        norm,
        new CrossAttention(
            json.size("cross_attention_dim", 1280), json.flag("use_linear_projection", false)),
        stages);
  }

  private static AddedConditioning added(ConfigJson json) {
    if (!json.has("addition_embed_type")) {
      return AddedConditioning.NONE;
    }
    json.choice("addition_embed_type", "", List.of("text_time"));
    int waves = json.size("addition_time_embed_dim", 256);
    int all = json.size("projection_class_embeddings_input_dim", 2816);
    int text = all - AddedConditioning.SIZES * waves;
    if (waves % 2 != 0 || text < 1) {
      throw json.refused(
          "projection_class_embeddings_input_dim",
          all,
          "more than 6 times addition_time_embed_dim, " + waves + ", which must be even");
    }
    return new AddedConditioning(waves, text);
  }

  private static Stages stages(ConfigJson json) {
    List<Integer> channels = json.sizes("block_out_channels", List.of(320, 640, 1280, 1280));
    int places = channels.size();
    List<Boolean> usual = new ArrayList<>(Collections.nCopies(places, true));
    usual.set(places - 1, false);
    List<Boolean> downAttention =
        attention(json, "down_block_types", usual, "CrossAttnDownBlock2D", "DownBlock2D");
    List<Boolean> mirroredAttention = new ArrayList<>(downAttention);
    Collections.reverse(mirroredAttention);
    List<Boolean> upAttention = // a ControlNet has none; its UNet's would mirror the way down
        attention(json, "up_block_types", mirroredAttention, "CrossAttnUpBlock2D", "UpBlock2D");
    json.choice("mid_block_type", "UNetMidBlock2DCrossAttn", List.of("UNetMidBlock2DCrossAttn"));
    List<Integer> resnets = json.sizePerPlace("layers_per_block", places, 2);
    List<Integer> layers = json.countPerPlace("transformer_layers_per_block", places, 1);
    List<Integer> heads = heads(json, places);
    List<Boolean> onlyCross = json.flagPerPlace("only_cross_attention", places, false);
    List<Stage> down = new ArrayList<>();
    List<Stage> up = new ArrayList<>();
    for (int i = 0; i < places; i++) {
      int mirrored = places - 1 - i;
      down.add(
          new Stage(
              channels.get(i),
              resnets.get(i),
              downAttention.get(i),
              layers.get(i),
              heads.get(i),
              onlyCross.get(i)));
      up.add(
          new Stage(
              channels.get(mirrored),
              resnets.get(mirrored) + 1,
              upAttention.get(i),
              layers.get(mirrored),
              heads.get(mirrored),
              onlyCross.get(mirrored)));
    }
    int last = places - 1;
    Stage middle = // diffusers gives its UNetMidBlock2DCrossAttn no only_cross_attention
        new Stage(channels.get(last), 2, true, layers.get(last), heads.get(last), false);
    return new Stages(
        List.copyOf(down),
        middle,
        List.copyOf(up),
        json.count("downsample_padding", 1),
        json.decimal("mid_block_scale_factor", 1));
  }

  /**
   * By an early mistake in the reference implementation that checkpoints have carried on since,
   * {@code attention_head_dim} is the number of heads unless {@code num_attention_heads} is set.
   */
  private static List<Integer> heads(ConfigJson json, int places) {
    return json.has("num_attention_heads")
        ? json.sizePerPlace("num_attention_heads", places, 8)
        : json.sizePerPlace("attention_head_dim", places, 8);
  }

  private static List<Boolean> attention(
      ConfigJson json, String key, List<Boolean> fallback, String with, String without) {
    if (!json.has(key)) {
      return fallback;
    }
    List<String> types = json.texts(key, List.of());
    if (types.size() != fallback.size()) {
      throw json.refused(key, types, "as many blocks as block_out_channels, " + fallback.size());
    }
    for (String type : types) {
      if (!type.equals(with) && !type.equals(without)) {
        throw json.refused(key, type, with + " and " + without);
      }
    }
    return types.stream().map(with::equals).toList();
  }

  private static int oddKernel(ConfigJson json, String key) {
    int kernel = json.size(key, 3);
    if (kernel % 2 == 0) {
      throw json.refused(key, kernel, "odd widths");
    }
    return kernel;
  }

  private static void requireFit(ConfigJson json, Stages stages, Normalisation norm) {
    Stream.of(stages.down(), List.of(stages.middle()), stages.up())
        .flatMap(List::stream)
        .forEach(
            stage -> {
              int channels = stage.channels();
              if (channels % norm.groups() != 0) {
                throw json.refused(
                    "norm_num_groups", norm.groups(), "divisors of " + channels + " channels");
              }
              if (stage.attention() && stage.layers() == 0) {
                throw json.refused(
                    "transformer_layers_per_block", 0, "1 or more where a stage has attention");
              }
              if (stage.attention() && channels % stage.heads() != 0) {
                throw json.refused(
                    "attention_head_dim", stage.heads(), "divisors of " + channels + " channels");
              }
            });
    int waves = stages.down().get(0).channels();
    if (waves % 2 != 0) {
      throw json.refused("block_out_channels", waves, "an even number first");
    }
  }
}
