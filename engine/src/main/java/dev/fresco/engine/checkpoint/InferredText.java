package dev.fresco.engine.checkpoint;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The configuration of a CLIP text encoder whose file brings none, from the shapes of its weights.
 *
 * @param sizes by transformers' names
 */
record InferredText(TensorSizes sizes) {
  private static final String LAYERS = "text_model.encoder.layers.";

  /** Layers that the weights hold. */
  int layers() {
    return sizes.count(LAYERS, ".layer_norm1.weight");
  }

  /**
   * @param layers that run
   * @param activation in transformers' spelling
   */
  Map<String, Object> config(int layers, String activation) {
    String tokens = "text_model.embeddings.token_embedding.weight";
    int channels = sizes.size(tokens, 1);
    int vocabulary = sizes.size(tokens, 0);
    String projection = "text_projection.weight";
    boolean projects = sizes.has(projection);
    Map<String, Object> config = new HashMap<>();
    config.put(
        "architectures", List.of(projects ? "CLIPTextModelWithProjection" : "CLIPTextModel"));
    config.put("vocab_size", vocabulary);
    config.put("hidden_size", channels);
    config.put("intermediate_size", sizes.size(LAYERS + "0.mlp.fc1.weight", 0));
    config.put("num_attention_heads", InferredUNet.heads(channels, 0));
    config.put("num_hidden_layers", Math.max(1, layers));
    config.put(
        "max_position_embeddings",
        sizes.size("text_model.embeddings.position_embedding.weight", 0));
    config.put("projection_dim", projects ? sizes.size(projection, 0) : channels);
    config.put("hidden_act", activation);
    config.put("bos_token_id", Math.max(0, vocabulary - 2)); // CLIP's vocabularies end with
    config.put("eos_token_id", vocabulary - 1); // begin and end of a text
    return config;
  }
}
