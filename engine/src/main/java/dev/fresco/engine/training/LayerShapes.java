package dev.fresco.engine.training;

import java.util.LinkedHashMap;
import java.util.Map;

/** The names and sizes of a layer's weights, outermost size first. */
final class LayerShapes {
  private final Map<String, long[]> shapes = new LinkedHashMap<>();

  private LayerShapes() {}

  static Map<String, long[]> of(LayerKind kind, ModelShape model) {
    LayerShapes layer = new LayerShapes();
    if (kind == LayerKind.BLOCK) {
      layer.block(model);
    } else if (model instanceof LanguageModelShape text) {
      layer.end(kind, text);
    } else {
      layer.end(kind, (DiffusionTransformerShape) model);
    }
    return layer.shapes;
  }

  private void block(ModelShape model) {
    int channels = model.channels();
    norm("norm1", channels)
        .linear("qkv", channels, 3 * channels)
        .linear("out", channels, channels)
        .norm("norm2", channels)
        .linear("up", channels, model.hidden())
        .linear("down", model.hidden(), channels);
  }

  private void end(LayerKind kind, LanguageModelShape model) {
    int channels = model.channels();
    if (kind == LayerKind.EMBEDDING) {
      matrix("tokens.weight", model.vocabulary(), channels)
          .matrix("positions.weight", model.positions(), channels);
    } else {
      norm("norm", channels).matrix("head.weight", model.vocabulary(), channels);
    }
  }

  private void end(LayerKind kind, DiffusionTransformerShape model) {
    int channels = model.channels();
    DiffusionTransformerShape.Latents latents = model.latents();
    int patch = latents.patch();
    if (kind == LayerKind.EMBEDDING) {
      linear("time.first", DiffusionTransformerShape.TIME_WAVES, channels)
          .linear("time.second", channels, channels)
          .matrix("labels.weight", model.labels(), channels)
          .matrix("positions.weight", latents.patches(), channels);
      shapes.put("patches.weight", new long[] {channels, latents.channels(), patch, patch});
      shapes.put("patches.bias", new long[] {channels});
    } else {
      norm("norm", channels);
      shapes.put("head.weight", new long[] {latents.channels(), patch, patch, channels});
      shapes.put("head.bias", new long[] {(long) latents.channels() * patch * patch});
    }
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
