package dev.fresco.engine.unet;

import ai.djl.ndarray.NDArray;
import dev.fresco.engine.checkpoint.UNetConfig.CrossAttention;
import dev.fresco.engine.checkpoint.UNetConfig.Stage;
import dev.fresco.engine.checkpoint.WeightSet;
import dev.fresco.engine.checkpoint.WeightShapes;
import dev.fresco.engine.kernel.AdapterTerms;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.kernel.KernelWeights;
import dev.fresco.engine.kernel.Maps;
import dev.fresco.engine.mask.ActivePass;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Attention over the places of a map and from them to the text; diffusers' {@code
 * Transformer2DModel} with its {@code BasicTransformerBlock}s.
 */
final class SpatialTransformer {
  private final Kernel kernel;
  private final KernelWeights weights;
  private final KernelWeights layers;
  private final String name;
  private final Stage stage;
  private final int groups;

  SpatialTransformer(
      WeightSet weights, String name, Stage stage, CrossAttention cross, int groups) {
    this.kernel = weights.kernel("transformer");
    this.name = name;
    this.weights = weights.part(name, projections(stage.channels(), cross.linearProjection()));
    this.layers =
        weights.list(
            IntStream.range(0, stage.layers())
                .mapToObj(i -> weights.part(name + ".transformer_blocks." + i, layer(stage, cross)))
                .toList());
    this.stage = stage;
    this.groups = groups;
  }

  /**
   * Prepares the text.
   *
   * @param contexts {@code [rows, words, context channels]} per group
   */
  void attend(AttendedText text, List<NDArray> contexts, AdapterTerms terms) {
    text.put(
        name,
        kernel
            .call("text")
            .tensors(contexts)
            .weights(layers)
            .flag(stage.onlyCross())
            .adapters(name + ".", terms)
            .runForList(text.manager()));
  }

  /**
   * @param x {@code [rows, channels, height, width]} per group
   * @return like x
   */
  Maps forward(Activations pass, Maps x) {
    return kernel
        .call("forward")
        .maps(x)
        .tensors(pass.text().of(name))
        .weights(weights)
        .weights(layers)
        .integer(groups)
        .integer(stage.heads())
        .flag(stage.onlyCross())
        .adapters(name + ".", pass.terms())
        .runForMaps(pass.scope());
  }

  /**
   * On active tokens.
   *
   * @param x {@code [tokens, channels]}
   * @return like x
   */
  NDArray active(ActivePass pass, AttendedText text, int level, NDArray x) {
    int members = pass.layout().members().size();
    NDArray[] made =
        kernel
            .call("active")
            .tensor(x)
            .tensors(text.of(name))
            .weights(weights)
            .weights(layers)
            .integer(groups)
            .integer(stage.heads())
            .flag(stage.onlyCross())
            .integers(pass.layout().counts(level))
            .tensors(pass.layout().places(level))
            .tensors(recorded(pass))
            .adapters(name + ".", pass.terms())
            .runForList(pass.scope());
    List<NDArray> left = Arrays.asList(made).subList(1, made.length);
    pass.keepNorm(name + ".norm", left.subList(0, 2 * members));
    for (int layer = 0; 2 * members * (layer + 1) < left.size(); layer++) {
      keepLayer(pass, layer, left.subList(2 * members * (layer + 1), 2 * members * (layer + 2)));
    }
    left.forEach(NDArray::close);
    return made[0];
  }

  /** What the norm takes, then layer by layer each member's keys and values. */
  private List<NDArray> recorded(ActivePass pass) {
    List<NDArray> all = new ArrayList<>(pass.recorded(ActivePass.norm(name + ".norm")));
    for (int layer = 0; layer < stage.layers() && !stage.onlyCross(); layer++) {
      List<NDArray> keys = pass.recorded(List.of(keys(layer)));
      List<NDArray> values = pass.recorded(List.of(values(layer)));
      for (int i = 0; i < keys.size(); i++) {
        all.add(keys.get(i));
        all.add(values.get(i));
      }
    }
    return all;
  }

  private void keepLayer(ActivePass pass, int layer, List<NDArray> pairs) {
    List<NDArray> keys = new ArrayList<>();
    List<NDArray> values = new ArrayList<>();
    for (int i = 0; i < pairs.size(); i += 2) {
      keys.add(pairs.get(i));
      values.add(pairs.get(i + 1));
    }
    pass.keepEach(keys(layer), keys, true);
    pass.keepEach(values(layer), values, true);
  }

  private String keys(int layer) {
    return name + ".transformer_blocks." + layer + ".attn1.to_k";
  }

  private String values(int layer) {
    return name + ".transformer_blocks." + layer + ".attn1.to_v";
  }

  private static WeightShapes projections(int channels, boolean linear) {
    WeightShapes shapes = new WeightShapes().norm("norm", channels);
    return linear
        ? shapes.linear("proj_in", channels, channels).linear("proj_out", channels, channels)
        : shapes.pointwise("proj_in", channels, channels).pointwise("proj_out", channels, channels);
  }

  private static WeightShapes layer(Stage stage, CrossAttention cross) {
    int channels = stage.channels();
    int source = stage.onlyCross() ? cross.contextChannels() : channels;
    int hidden = channels * 4;
    WeightShapes shapes =
        new WeightShapes()
            .norm("norm1", channels)
            .norm("norm2", channels)
            .norm("norm3", channels)
            .halves("ff.net.0.proj", "value", "gate", channels, hidden * 2L)
            .linear("ff.net.2", hidden, channels);
    attention(shapes, "attn1", channels, source);
    attention(shapes, "attn2", channels, cross.contextChannels());
    return shapes;
  }

  private static void attention(WeightShapes shapes, String name, int channels, int source) {
    shapes
        .matrix(name + ".to_q", channels, channels)
        .matrix(name + ".to_k", source, channels)
        .matrix(name + ".to_v", source, channels)
        .linear(name + ".to_out.0", channels, channels);
  }
}
