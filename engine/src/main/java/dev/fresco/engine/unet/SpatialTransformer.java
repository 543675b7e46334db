package dev.fresco.engine.unet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.checkpoint.UNetConfig.CrossAttention;
import dev.fresco.engine.checkpoint.UNetConfig.Stage;
import dev.fresco.engine.checkpoint.WeightSet;
import dev.fresco.engine.checkpoint.WeightShapes;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.kernel.KernelWeights;
import java.util.stream.IntStream;

/**
 * Attention over the places of a map and from them to the text; diffusers' {@code
 * Transformer2DModel} with its {@code BasicTransformerBlock}s.
 */
final class SpatialTransformer {
  private final Kernel kernel;
  private final KernelWeights weights;
  private final KernelWeights layers;
  private final Stage stage;
  private final int groups;

  SpatialTransformer(
      WeightSet weights, String name, Stage stage, CrossAttention cross, int groups) {
    this.kernel = weights.kernel("transformer");
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
   * @param x {@code [batch, channels, height, width]}
   * @param context {@code [batch, words, context channels]}
   * @return like x
   */
  NDArray forward(NDManager scope, NDArray x, NDArray context) {
    return kernel
        .call("forward")
        .tensor(x)
        .tensor(context)
        .weights(weights)
        .weights(layers)
        .integer(groups)
        .integer(stage.heads())
        .flag(stage.onlyCross())
        .run(scope);
  }

  private static WeightShapes projections(int channels, boolean linear) {
    WeightShapes shapes = new WeightShapes().norm("norm", channels);
    return linear
        ? shapes.linear("proj_in", channels, channels).linear("proj_out", channels, channels)
        : shapes
            .convolution("proj_in", channels, channels, 1)
            .convolution("proj_out", channels, channels, 1);
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
            .linear("ff.net.0.proj", channels, hidden * 2L)
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
