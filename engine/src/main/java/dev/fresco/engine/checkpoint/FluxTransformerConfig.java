package dev.fresco.engine.checkpoint;

import java.util.List;

/**
 * The architecture of a {@code FluxTransformer2DModel}, with diffusers' defaults.
 *
 * @param ends channels of a token that comes in and of one that goes out
 * @param layers blocks of each kind
 * @param heads of every attention
 * @param conditions what else the network reads
 * @param rotaryAxes channels of a head that tell the place on each axis: of the text, down and
 *     across; even, together a head's width
 */
public record FluxTransformerConfig(
    Ends ends, Layers layers, Heads heads, Conditions conditions, List<Integer> rotaryAxes) {

  private static final int AXES = 3;

  /** More are taken for damage. */
  private static final int MOST_LAYERS = 1024;

  /** Channels of packed latents. */
  public record Ends(int inChannels, int outChannels) {}

  /**
   * @param doubleStream blocks with weights of their own for text and picture
   * @param singleStream blocks that treat all tokens alike
   */
  public record Layers(int doubleStream, int singleStream) {}

  /** Number and width of attention heads. */
  public record Heads(int count, int width) {
    /** Channels of a token between the blocks. */
    public int channels() {
      return count * width;
    }
  }

  /**
   * @param wordChannels of the text encoder's states
   * @param pooledChannels of the text as a whole
   * @param guidance whether the network is told the guidance scale
   */
  public record Conditions(int wordChannels, int pooledChannels, boolean guidance) {}

  public FluxTransformerConfig {
    rotaryAxes = List.copyOf(rotaryAxes);
  }

  /**
   * Reads a configuration.
   *
   * @throws dev.fresco.engine.EngineException naming the file, key and value of what is not
   *     supported
   */
  public static FluxTransformerConfig read(ConfigJson json) {
    int in = json.size("in_channels", 64);
    int patch = json.size("patch_size", 1);
    long out = (long) patch * patch * json.size("out_channels", in);
    if (out > Integer.MAX_VALUE) {
      throw json.refused("patch_size", patch, "sizes that a token's channels can hold");
    }
    Heads heads =
        new Heads(json.size("num_attention_heads", 24), json.size("attention_head_dim", 128));
    if ((long) heads.count() * heads.width() > ConfigJson.LARGEST_INTEGER) {
      throw json.refused(
          "num_attention_heads",
          heads.count(),
          "up to " + ConfigJson.LARGEST_INTEGER / heads.width());
    }
    return new FluxTransformerConfig(
        new Ends(in, (int) out),
        new Layers(layers(json, "num_layers", 19), layers(json, "num_single_layers", 38)),
        heads,
        new Conditions(
            json.size("joint_attention_dim", 4096),
            json.size("pooled_projection_dim", 768),
            json.flag("guidance_embeds", false)),
        rotaryAxes(json, heads.width()));
  }

  private static int layers(ConfigJson json, String key, int fallback) {
    int layers = json.count(key, fallback);
    if (layers > MOST_LAYERS) {
      throw json.refused(key, layers, "up to " + MOST_LAYERS);
    }
    return layers;
  }

  private static List<Integer> rotaryAxes(ConfigJson json, int width) {
    String key = "axes_dims_rope";
    List<Integer> axes = json.sizes(key, List.of(16, 56, 56));
    boolean even = axes.stream().allMatch(axis -> axis % 2 == 0);
    long sum = axes.stream().mapToLong(Integer::longValue).sum();
    if (axes.size() != AXES || !even || sum != width) {
      throw json.refused(key, axes, AXES + " even numbers with the sum " + width + " of a head");
    }
    return axes;
  }
}
