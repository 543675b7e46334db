package dev.fresco.engine.checkpoint;

import dev.fresco.engine.EngineException;
import java.util.List;

/**
 * The architecture of a {@code T5EncoderModel}, with transformers' defaults.
 *
 * @param vocabulary tokens known
 * @param layers how many
 * @param widths channels and so on
 * @param distances how the attention's bias depends on the distance of two tokens
 * @param relu whether the activation is the rectifier, else the tanh form of GELU
 * @param gated whether the feed-forward multiplies the activation with a second projection
 */
public record T5Config(
    int vocabulary, int layers, Widths widths, Distances distances, boolean relu, boolean gated) {
  private static final String GATED = "gated-";

  /**
   * @param channels of the states
   * @param hidden of the feed-forward
   * @param heads of the attention
   * @param headChannels of each head; all of them need not be as many as the states'
   * @param epsilon of the norms
   */
  public record Widths(int channels, int hidden, int heads, int headChannels, double epsilon) {}

  /**
   * @param buckets rows of the table of biases
   * @param farthest tokens from here on share the last bucket
   */
  public record Distances(int buckets, int farthest) {
    /** Of the buckets in one direction, as many are for one distance each. */
    public int exact() {
      return buckets / 4;
    }
  }

  /**
   * Reads a configuration.
   *
   * @throws EngineException naming the file, key and value of what is not supported
   */
  public static T5Config read(ConfigJson json) {
    String feedForward =
        json.choice(
            "feed_forward_proj",
            "relu",
            List.of("relu", "gelu_new", GATED + "relu", GATED + "gelu", GATED + "gelu_new"));
    return new T5Config(
        json.size("vocab_size", 32128),
        json.size("num_layers", 6),
        new Widths(
            json.size("d_model", 512),
            json.size("d_ff", 2048),
            json.size("num_heads", 8),
            json.size("d_kv", 64),
            json.decimal("layer_norm_epsilon", 1e-6)),
        distances(json),
        feedForward.endsWith("relu"),
        feedForward.startsWith(GATED));
  }

  private static Distances distances(ConfigJson json) {
    Distances distances =
        new Distances(
            json.size("relative_attention_num_buckets", 32),
            json.size("relative_attention_max_distance", 128));
    if (distances.exact() < 1) {
      throw json.refused("relative_attention_num_buckets", distances.buckets(), "4 and more");
    }
    if (distances.farthest() <= distances.exact()) {
      throw json.refused(
          "relative_attention_max_distance",
          distances.farthest(),
          "more than " + distances.exact() + ", a quarter of the buckets");
    }
    return distances;
  }
}
