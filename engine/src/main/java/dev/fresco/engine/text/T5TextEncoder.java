package dev.fresco.engine.text;

import ai.djl.ndarray.NDManager;
import dev.fresco.engine.EngineException;
import dev.fresco.engine.TextStates;
import dev.fresco.engine.checkpoint.Component;
import dev.fresco.engine.checkpoint.KeyNames;
import dev.fresco.engine.checkpoint.T5Config;
import dev.fresco.engine.checkpoint.T5Config.Widths;
import dev.fresco.engine.checkpoint.WeightSet;
import dev.fresco.engine.checkpoint.WeightShapes;
import dev.fresco.engine.kernel.ComputeType;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.kernel.KernelLibrary;
import dev.fresco.engine.kernel.KernelWeights;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

/**
 * T5's encoder; transformers' {@code T5EncoderModel}. Padding takes part in the attention, as it
 * does where diffusers calls it. Holds no state between calls; threads may share it.
 */
public final class T5TextEncoder implements AutoCloseable {
  private static final String EMBEDDING = "embed_tokens";
  private static final String FIRST_ATTENTION = "block.0.layer.0.SelfAttention.";

  private final T5Config config;
  private final NDManager manager;
  private final WeightSet weights;
  private final Kernel kernel;
  private final KernelWeights ends;
  private final KernelWeights layers;

  private T5TextEncoder(T5Config config, NDManager manager, WeightSet weights) {
    this.config = config;
    this.manager = manager;
    this.weights = weights;
    this.kernel = weights.kernel("t5");
    Widths widths = config.widths();
    ends =
        weights.part(
            "",
            new WeightShapes()
                .matrix(EMBEDDING, widths.channels(), config.vocabulary())
                .matrix(
                    FIRST_ATTENTION + "relative_attention_bias",
                    widths.heads(),
                    config.distances().buckets())
                .rmsNorm("final_layer_norm", widths.channels()));
    layers =
        weights.list(
            IntStream.range(0, config.layers())
                .mapToObj(i -> weights.part("block." + i, layer(config)))
                .toList());
  }

  /**
   * Loads a checkpoint's text encoder.
   *
   * @throws EngineException naming what is wrong with the folder and where
   */
  public static T5TextEncoder load(
      Component folder, KernelLibrary kernels, ComputeType computeType) {
    T5Config config = T5Config.read(folder.configOf("T5EncoderModel"));
    return WeightSet.load(
        folder.weights(),
        names(),
        kernels,
        computeType,
        weights -> new T5TextEncoder(config, kernels.manager(), weights));
  }

  /**
   * The embedding is tied and goes by two names; files hold it under either or twice. What belongs
   * to the decoder is not needed.
   */
  private static KeyNames names() {
    AtomicBoolean found = new AtomicBoolean();
    return key -> {
      if (key.equals("shared.weight") || key.equals("encoder.embed_tokens.weight")) {
        return found.getAndSet(true) ? Optional.empty() : Optional.of(EMBEDDING + ".weight");
      }
      if (key.startsWith("decoder.") || key.equals("lm_head.weight")) {
        return Optional.empty();
      }
      return Optional.of(key.startsWith("encoder.") ? key.substring("encoder.".length()) : key);
    };
  }

  public T5Config config() {
    return config;
  }

  /**
   * Encodes texts in one pass.
   *
   * @param texts tokens with the end token and padding, all of one length
   * @return one for each text: states {@code [tokens, channels]} and no pooled state
   * @throws EngineException if there are no tokens, or one is outside the vocabulary
   */
  public List<TextStates> encode(List<int[]> texts) {
    TokenRows rows = new TokenRows(texts);
    rows.requireWithin(Integer.MAX_VALUE, config.vocabulary());
    try (NDManager scope = manager.newSubManager()) {
      return rows.split(
          kernel
              .call("forward")
              .tensor(rows.ids(scope))
              .tensor(scope.create(RelativeDistances.buckets(rows.length(), config.distances())))
              .weights(ends)
              .weights(layers)
              .integer(config.widths().heads())
              .decimal(config.widths().epsilon())
              .flag(config.relu())
              .run(scope),
          null);
    }
  }

  @Override
  public void close() {
    weights.close();
  }

  private static WeightShapes layer(T5Config config) {
    Widths widths = config.widths();
    long channels = widths.channels();
    long inner = (long) widths.heads() * widths.headChannels();
    WeightShapes shapes =
        new WeightShapes()
            .rmsNorm("layer.0.layer_norm", channels)
            .rmsNorm("layer.1.layer_norm", channels)
            .matrix("layer.0.SelfAttention.o", inner, channels)
            .matrix("layer.1.DenseReluDense.wo", widths.hidden(), channels);
    for (String projection : List.of("q", "k", "v")) {
      shapes.matrix("layer.0.SelfAttention." + projection, channels, inner);
    }
    for (String projection : config.gated() ? List.of("wi_0", "wi_1") : List.of("wi")) {
      shapes.matrix("layer.1.DenseReluDense." + projection, channels, widths.hidden());
    }
    return shapes;
  }
}
