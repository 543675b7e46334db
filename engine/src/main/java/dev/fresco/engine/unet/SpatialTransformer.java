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
