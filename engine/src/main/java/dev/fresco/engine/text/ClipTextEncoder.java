package dev.fresco.engine.text;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.fresco.engine.EngineException;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.checkpoint.ClipTextConfig;
import dev.fresco.engine.checkpoint.ClipTextConfig.Widths;
import dev.fresco.engine.checkpoint.Component;
import dev.fresco.engine.checkpoint.KeyNames;
import dev.fresco.engine.checkpoint.WeightSet;
import dev.fresco.engine.checkpoint.WeightShapes;
import dev.fresco.engine.kernel.ComputeType;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.kernel.KernelLibrary;
import dev.fresco.engine.kernel.KernelWeights;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The text encoder of Stable Diffusion; transformers' {@code CLIPTextModel}. Holds no state between
 * calls; threads may share it.
 */
public final class ClipTextEncoder implements AutoCloseable {
  /** Old configurations name this end token, whatever the vocabulary's is. */
  private static final int LEGACY_END_TOKEN = 2;

  private final ClipTextConfig config;
  private final NDManager manager;
  private final WeightSet weights;
  private final Kernel kernel;
  private final KernelWeights tokens;
  private final KernelWeights places;
  private final KernelWeights norm;
  private final KernelWeights layers;

  private ClipTextEncoder(ClipTextConfig config, NDManager manager, WeightSet weights) {
    this.config = config;
    this.manager = manager;
    this.weights = weights;
    this.kernel = weights.kernel("clip");
    int channels = config.widths().channels();
    tokens =
        weights.part(
            "embeddings.token_embedding",
            new WeightShapes().matrix("", channels, config.vocabulary()));
    places =
        weights.part(
            "embeddings.position_embedding",
            new WeightShapes().matrix("", channels, config.positions()));
    norm = weights.part("final_layer_norm", new WeightShapes().norm("", channels));
    layers =
        weights.list(
            IntStream.range(0, config.layers())
                .mapToObj(i -> weights.part("encoder.layers." + i, layer(config.widths())))
                .toList());
  }

  /**
   * Loads a checkpoint's text encoder.
   *
   * @throws EngineException naming what is wrong with the folder and where
   */
  public static ClipTextEncoder load(
      Component component, KernelLibrary kernels, ComputeType computeType) {
    ClipTextConfig config = ClipTextConfig.read(component.configOf("CLIPTextModel"));
    return WeightSet.load(
        component.weights(),
        KeyNames.TEXT_ENCODER,
        kernels,
        computeType,
        weights -> new ClipTextEncoder(config, kernels.manager(), weights));
  }

  public ClipTextConfig config() {
    return config;
  }

  /**
   * The states that a UNet attends to.
   *
   * @param ids tokens with begin, end and padding, at most {@link ClipTextConfig#positions()}
   * @return {@code [tokens, channels]} after the final norm
   * @throws EngineException if there are too many ids, none, or one outside the vocabulary
   */
  public HostTensor encode(int[] ids) {
    return encodeFully(ids).last();
  }

  /** The same with everything else that models use. */
  public ClipOutput encodeFully(int[] ids) {
    requireKnown(ids);
    try (NDManager scope = manager.newSubManager()) {
      long[] row = Arrays.stream(ids).asLongStream().toArray();
      NDArray[] states =
          kernel
              .call("forward")
              .tensor(scope.create(row, new Shape(1, row.length)))
              .weights(tokens)
              .weights(places)
              .weights(norm)
              .weights(layers)
              .integer(config.widths().heads())
              .decimal(config.widths().epsilon())
              .flag(config.quickGelu())
              .runForList(scope);
      HostTensor last = host(states[0], ids.length);
      return new ClipOutput(last, host(states[1], ids.length), row(last, endOf(ids)));
    }
  }

  @Override
  public void close() {
    weights.close();
  }

  /**
   * Where the pooled state is read: at the largest id under the legacy configuration, else at the
   * first end token, or at the start if there is none.
   */
  private int endOf(int[] ids) {
    int sought =
        config.endToken() == LEGACY_END_TOKEN
            ? Arrays.stream(ids).max().orElseThrow()
            : config.endToken();
    return IntStream.range(0, ids.length).filter(i -> ids[i] == sought).findFirst().orElse(0);
  }

  private void requireKnown(int[] ids) {
    if (ids.length < 1 || ids.length > config.positions()) {
      throw new EngineException(
          "text of " + ids.length + " tokens; the encoder takes 1 to " + config.positions());
    }
    for (int id : ids) {
      if (id < 0 || id >= config.vocabulary()) {
        throw new EngineException(
            "token " + id + " is outside the vocabulary of " + config.vocabulary());
      }
    }
  }

  private HostTensor host(NDArray states, int tokenCount) {
    return HostTensor.of(states.toFloatArray(), tokenCount, config.widths().channels());
  }

  private static HostTensor row(HostTensor states, int index) {
    int channels = (int) states.shape()[1];
    return HostTensor.of(
        Arrays.copyOfRange(states.data(), index * channels, (index + 1) * channels), channels);
  }

  private static WeightShapes layer(Widths widths) {
    int channels = widths.channels();
    WeightShapes shapes =
        new WeightShapes()
            .norm("layer_norm1", channels)
            .norm("layer_norm2", channels)
            .linear("mlp.fc1", channels, widths.hidden())
            .linear("mlp.fc2", widths.hidden(), channels);
    for (String projection : new String[] {"q_proj", "k_proj", "v_proj", "out_proj"}) {
      shapes.linear("self_attn." + projection, channels, channels);
    }
    return shapes;
  }
}
