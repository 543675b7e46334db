package dev.fresco.engine.training;

import java.util.LinkedHashMap;
import java.util.Map;

/** The names and sizes of a layer's weights, outermost size first. */
final class LayerShapes {
  private final Map<String, long[]> shapes = new LinkedHashMap<>();

  private LayerShapes() {}

  static Map<String, long[]> of(LayerKind kind, LanguageModelShape model) {
    int channels = model.channels();
    LayerShapes layer = new LayerShapes();
    switch (kind) {
      case EMBEDDING ->
          layer
              .matrix("tokens.weight", model.vocabulary(), channels)
              .matrix("positions.weight", model.positions(), channels);
      case BLOCK ->
          layer
              .norm("norm1", channels)
              .linear("qkv", channels, 3 * channels)
              .linear("out", channels, channels)
              .norm("norm2", channels)
              .linear("up", channels, model.hidden())
              .linear("down", model.hidden(), channels);
      case HEAD -> layer.norm("norm", channels).matrix("head.weight", model.vocabulary(), channels);
    }
    return layer.shapes;
  }

  private LayerShapes matrix(String name, int rows, int columns) {
    shapes.put(name, new long[] {rows, columns});
    return this;
  }

  private LayerShapes norm(String name, int channels) {
    shapes.put(name + ".weight", new long[] {channels});
    shapes.put(name + ".bias", new long[] {channels});
    return this;
  }

  private LayerShapes linear(String name, int in, int out) {
    shapes.put(name + ".bias", new long[] {out});
    return matrix(name + ".weight", out, in);
  }
}
