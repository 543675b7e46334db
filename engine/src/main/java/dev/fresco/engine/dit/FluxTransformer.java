package dev.fresco.engine.dit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.checkpoint.Component;
import dev.fresco.engine.checkpoint.FluxTransformerConfig;
import dev.fresco.engine.checkpoint.KeyNames;
import dev.fresco.engine.checkpoint.WeightSet;
import dev.fresco.engine.checkpoint.WeightSet.Layout;
import dev.fresco.engine.checkpoint.WeightShapes;
import dev.fresco.engine.kernel.ComputeType;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.kernel.KernelLibrary;
import dev.fresco.engine.kernel.KernelWeights;
import dev.fresco.engine.unet.LayerListener;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The denoising network of FLUX.1; diffusers' {@code FluxTransformer2DModel}. Members of a batch
 * may have different numbers of words and places: everything but attention runs on all their tokens
 * together, attention on each member's own. Of a member with a recording only some places are
 * computed, and they attend to the recorded keys and values of the others too. Holds no state
 * between calls; threads may share it while nobody patches its weights.
 */
public final class FluxTransformer implements AutoCloseable {
  private final FluxTransformerConfig config;
  private final WeightSet weights;
  private final ComputeType computeType;
  private final Kernel kernel;
  private final KernelWeights ends;
  private final ConditionEmbedding conditionEmbedding;
  private final List<DoubleStreamBlock> doubleBlocks;
  private final List<SingleStreamBlock> singleBlocks;

  private FluxTransformer(
      FluxTransformerConfig config, WeightSet weights, ComputeType computeType) {
    this.config = config;
    this.weights = weights;
    this.computeType = computeType;
    kernel = weights.kernel("flux");
    ends = weights.part("", endShapes(config));
    conditionEmbedding = new ConditionEmbedding(weights, config);
    doubleBlocks =
        IntStream.range(0, config.layers().doubleStream())
            .mapToObj(
                i -> new DoubleStreamBlock(weights, "transformer_blocks." + i, config.heads()))
            .toList();
    singleBlocks =
        IntStream.range(0, config.layers().singleStream())
            .mapToObj(
                i ->
                    new SingleStreamBlock(
                        weights, "single_transformer_blocks." + i, config.heads()))
            .toList();
  }

  /**
   * Loads a checkpoint's transformer.
   *
   * @throws dev.fresco.engine.EngineException naming what is wrong with the folder and where
   */
  public static FluxTransformer load(
      Component component, KernelLibrary kernels, ComputeType computeType) {
    FluxTransformerConfig config =
        FluxTransformerConfig.read(component.configOf("FluxTransformer2DModel"));
    return WeightSet.load(
        component.weights(),
        KeyNames.AS_STORED,
        new WeightSet.Target(kernels, computeType, Layout.PACKED),
        weights -> new FluxTransformer(config, weights, computeType));
  }

  public FluxTransformerConfig config() {
    return config;
  }

  /** Names of what blocks take from a recording, in the order of computation. */
  public List<String> recordedNames() {
    return Stream.concat(
            doubleBlocks.stream().map(DoubleStreamBlock::name),
            singleBlocks.stream().map(SingleStreamBlock::name))
        .flatMap(block -> Stream.of(BlockStates.keys(block), BlockStates.values(block)))
        .toList();
  }

  /** The weights, for adapters to change while no pass runs. */
  public WeightSet weights() {
    return weights;
  }

  /**
   * Predicts the velocity.
   *
   * @param scope the manager that the result attaches to
   * @return fp32 {@code [places, out channels]}
   */
  public NDArray forward(NDManager scope, FluxInput input) {
    return forward(scope, input, LayerListener.NONE);
  }

  /**
   * The same with a listener.
   *
   * @param listener hears the words' stream of double blocks, and all tokens of single ones, each
   *     member's words before its places
   */
  public NDArray forward(NDManager scope, FluxInput input, LayerListener listener) {
    TokenLayout layout = input.layout();
    try (NDManager inner = scope.newSubManager()) {
      NDArray embedded = conditionEmbedding.forward(inner, input);
      listener.heard("time_text_embed", embedded);
      Pass pass =
          new Pass(
              inner,
              layout,
              ready(inner, embedded),
              input.rotations(),
              input.terms(),
              BlockStates.of(inner, input, config.heads().channels()));
      NDArray places = enter(pass, input.latents(), "x_embedder", layout.placeCounts());
      listener.heard("x_embedder", places);
      NDArray words = enter(pass, input.words(), "context_embedder", layout.wordCounts());
      listener.heard("context_embedder", words);
      for (DoubleStreamBlock block : doubleBlocks) {
        block.forward(pass, words, places);
        listener.heard(block.name(), words);
      }
      NDArray tokens = merge(pass, words, places);
      for (SingleStreamBlock block : singleBlocks) {
        block.forward(pass, tokens);
        listener.heard(block.name(), tokens);
      }
      return exit(scope, pass, tokens);
    }
  }

  private NDArray ready(NDManager scope, NDArray embedded) {
    return kernel.call("ready").tensor(embedded).integer(computeType.torchType()).run(scope);
  }

  /** {@code [tokens, in]} to {@code [tokens, channels]}. */
  private NDArray enter(Pass pass, NDArray tokens, String layer, long[] counts) {
    return kernel
        .call("enter")
        .tensor(tokens)
        .weights(ends)
        .text(layer)
        .integers(counts)
        .adapters("", pass.terms())
        .run(pass.scope());
  }

  private NDArray merge(Pass pass, NDArray words, NDArray places) {
    try (words;
        places) {
      return kernel
          .call("merge")
          .tensor(words)
          .tensor(places)
          .integers(pass.layout().wordCounts())
          .integers(pass.layout().placeCounts())
          .run(pass.scope());
    }
  }

  private NDArray exit(NDManager scope, Pass pass, NDArray tokens) {
    return kernel
        .call("exit")
        .tensor(tokens)
        .tensor(pass.conditions())
        .weights(ends)
        .integers(pass.layout().tokenCounts())
        .integers(pass.layout().placeCounts())
        .adapters("", pass.terms())
        .run(scope);
  }

  @Override
  public void close() {
    weights.close();
  }

  private static WeightShapes endShapes(FluxTransformerConfig config) {
    long channels = config.heads().channels();
    return new WeightShapes()
        .linear("x_embedder", config.ends().inChannels(), channels)
        .linear("context_embedder", config.conditions().wordChannels(), channels)
        .linear("norm_out.linear", channels, 2 * channels)
        .linear("proj_out", channels, config.ends().outChannels());
  }
}
