package dev.fresco.engine.checkpoint;

import dev.fresco.engine.EngineException;
import java.util.List;

/**
 * The architecture of a {@code CLIPTextModel} or {@code CLIPTextModelWithProjection}, with
 * transformers' defaults.
 *
 * @param vocabulary tokens known
 * @param positions the longest text in tokens
 * @param widths channels and so on
 * @param layers how many
 * @param quickGelu whether the activation is {@code x sigmoid(1.702 x)}, else the exact GELU
 * @param endToken that ends a text; the pooled state is the first one's, see the encoder
 */
public record ClipTextConfig(
    int vocabulary, int positions, Widths widths, int layers, boolean quickGelu, int endToken) {
  private static final String PLAIN = "CLIPTextModel";
  private static final String PROJECTED = "CLIPTextModelWithProjection";

  /**
   * @param channels of the states
   * @param hidden of the feed-forward
   * @param heads of the attention
   * @param projection channels of the projected pooled state; 0 where the model has no projection
   * @param epsilon of the norms
   */
  public record Widths(int channels, int hidden, int heads, int projection, double epsilon) {

    /** Channels of the pooled state. */
    public int pooled() {
      return projection > 0 ? projection : channels;
    }
  }

  /**
   * Reads a configuration. Its {@code architectures} say whether there is a projection; without
   * them there is none.
   *
   * @throws EngineException naming the file, key and value of what is not supported
   */
  public static ClipTextConfig read(ConfigJson json) {
    String architecture = json.texts("architectures", List.of(PLAIN)).get(0);
    if (!architecture.equals(PLAIN) && !architecture.equals(PROJECTED)) {
      throw json.refused("architectures", architecture, PLAIN + ", " + PROJECTED);
    }
    json.requireUnset("use_attention_mask");
    Widths widths =
        new Widths(
            json.size("hidden_size", 512),
            json.size("intermediate_size", 2048),
            json.size("num_attention_heads", 8),
            architecture.equals(PROJECTED) ? json.size("projection_dim", 512) : 0,
            json.decimal("layer_norm_eps", 1e-5));
    if (widths.channels() % widths.heads() != 0) {
      throw json.refused(
          "num_attention_heads", widths.heads(), "divisors of hidden_size " + widths.channels());
    }
    String activation = json.choice("hidden_act", "quick_gelu", List.of("quick_gelu", "gelu"));
    return new ClipTextConfig(
        json.size("vocab_size", 49408),
        json.size("max_position_embeddings", 77),
        widths,
        json.size("num_hidden_layers", 12),
        activation.equals("quick_gelu"),
        json.count("eos_token_id", 49407));
  }
}
