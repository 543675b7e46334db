package dev.fresco.engine.text;

import java.util.List;
import java.util.Map;

/**
 * An adapter's part in a family's text encoders.
 *
 * @param identity equal for equal weights; states are kept by it, so it should hold none of them
 * @param encoders one map for each CLIP encoder of the family, in the family's order, from a linear
 *     layer's path in the encoder, such as {@code text_model.encoder.layers.0.mlp.fc1}, to what is
 *     added to it; trailing encoders without any may be left out
 * @param scale of the request; may be negative
 */
public record TextAdapter(Object identity, List<Map<String, LowRankPair>> encoders, double scale) {
  public TextAdapter {
    encoders = encoders.stream().map(Map::copyOf).toList();
  }

  /** Whether any text comes out otherwise with it. */
  boolean changesTexts() {
    return scale != 0 && encoders.stream().anyMatch(pairs -> !pairs.isEmpty());
  }

  /** What it adds to one of the encoders. */
  Map<String, LowRankPair> pairsOf(int encoder) {
    return encoder < encoders.size() ? encoders.get(encoder) : Map.of();
  }
}
