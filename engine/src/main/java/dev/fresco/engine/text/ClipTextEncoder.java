package dev.fresco.engine.text;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.EngineException;
import dev.fresco.engine.TextStates;
import dev.fresco.engine.checkpoint.ClipTextConfig;
import dev.fresco.engine.checkpoint.ClipTextConfig.Widths;
import dev.fresco.engine.checkpoint.Component;
import dev.fresco.engine.checkpoint.KeyNames;
import dev.fresco.engine.checkpoint.WeightSet;
import dev.fresco.engine.checkpoint.WeightShapes;
import dev.fresco.engine.kernel.ComputeType;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.kernel.KernelCall;
import dev.fresco.engine.kernel.KernelLibrary;
import dev.fresco.engine.kernel.KernelWeights;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * CLIP's text encoder; transformers' {@code CLIPTextModel} and {@code CLIPTextModelWithProjection}.
 * Holds no state between calls; threads may share it.
 */
public final class ClipTextEncoder implements AutoCloseable {
  private final ClipTextConfig config;
  private final NDManager manager;
  private final WeightSet weights;
  private final Kernel kernel;
  private final KernelWeights tokens;
  private final KernelWeights places;
  private final KernelWeights head;
  private final KernelWeights layers;
  private final KernelWeights noTerms;

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
    head = weights.part("", head(config.widths()));
    layers =
        weights.list(
            IntStream.range(0, config.layers())
                .mapToObj(i -> weights.part("encoder.layers." + i, layer(config.widths())))
                .toList());
    KernelWeights nothing = weights.part("", new WeightShapes());
    noTerms = weights.list(Collections.nCopies(config.layers(), nothing));
  }

  /**
   * Loads a checkpoint's text encoder.
   *
   * @throws EngineException naming what is wrong with the folder and where
   */
  public static ClipTextEncoder load(
      Component component, KernelLibrary kernels, ComputeType computeType) {
    ClipTextConfig config = ClipTextConfig.read(component.config());
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

  /** Texts as the checkpoint's weights have them, in one pass. */
  public List<TextStates> encode(List<int[]> texts, ClipReading reading) {
    return encode(texts, reading, LayerTerms.none(config));
  }

  /**
   * Encodes texts in one pass.
   *
   * @param texts tokens with start, end and padding, at most {@link ClipTextConfig#positions()};
   *     all of one length
   * @param terms what adapters add, made for this encoder's configuration
   * @return one for each text; states {@code [tokens, channels]}, pooled state {@code [channels]}
   *     or, with a projection, {@code [projection]}
   * @throws EngineException if there are too many tokens, none, or one outside the vocabulary, or
   *     more layers are left out than there are
   */
  public List<TextStates> encode(List<int[]> texts, ClipReading reading, LayerTerms terms) {
    if (reading.layersLeftOut() < 0 || reading.layersLeftOut() > config.layers()) {
      throw new EngineException(
          "%d layers of the text encoder left out; it has %d"
              .formatted(reading.layersLeftOut(), config.layers()));
    }
    TokenRows rows = new TokenRows(texts);
    rows.requireWithin(config.positions(), config.vocabulary());
    try (NDManager scope = manager.newSubManager()) {
      if (terms.isEmpty()) {
        return encode(scope, rows, reading, noTerms);
      }
      try (KernelWeights added = terms.on(scope)) {
        return encode(scope, rows, reading, added);
      }
    }
  }

  private List<TextStates> encode(
      NDManager scope, TokenRows rows, ClipReading reading, KernelWeights terms) {
    return reading.pooled()
        ? statesAndPooled(scope, rows, reading, terms)
        : rows.split(states(scope, rows, reading, terms), null);
  }

  private NDArray states(
      NDManager scope, TokenRows rows, ClipReading reading, KernelWeights terms) {
    return network(kernel.call("states").tensor(rows.ids(scope)), reading, terms).run(scope);
  }

  private List<TextStates> statesAndPooled(
      NDManager scope, TokenRows rows, ClipReading reading, KernelWeights terms) {
    NDArray ends = scope.create(rows.ends(config.endToken()));
    KernelCall call = kernel.call("states_and_pooled").tensor(rows.ids(scope)).tensor(ends);
    NDArray[] both = network(call, reading, terms).runForList(scope);
    return rows.split(both[0], both[1]);
  }

  private KernelCall network(KernelCall call, ClipReading reading, KernelWeights terms) {
    return call.weights(tokens)
        .weights(places)
        .weights(head)
        .weights(layers)
        .weights(terms)
        .integer(config.widths().heads())
        .decimal(config.widths().epsilon())
        .flag(config.quickGelu())
        .integer(config.layers() - reading.layersLeftOut())
        .flag(reading.normed());
  }

  @Override
  public void close() {
    weights.close();
  }

  /** The linear layers within a layer, with {@code [out, in]}. */
  static Map<String, long[]> linears(Widths widths) {
    long channels = widths.channels();
    Map<String, long[]> linears = new LinkedHashMap<>();
    for (String projection : List.of("q_proj", "k_proj", "v_proj", "out_proj")) {
      linears.put("self_attn." + projection, new long[] {channels, channels});
    }
    linears.put("mlp.fc1", new long[] {widths.hidden(), channels});
    linears.put("mlp.fc2", new long[] {channels, widths.hidden()});
    return linears;
  }

  private static WeightShapes layer(Widths widths) {
    WeightShapes shapes =
        new WeightShapes()
            .norm("layer_norm1", widths.channels())
            .norm("layer_norm2", widths.channels());
    linears(widths).forEach((name, shape) -> shapes.linear(name, shape[1], shape[0]));
    return shapes;
  }

  private static WeightShapes head(Widths widths) {
    WeightShapes shapes = new WeightShapes().norm("final_layer_norm", widths.channels());
    return widths.projection() > 0
        ? shapes.matrix("text_projection", widths.channels(), widths.projection())
        : shapes;
  }
}
