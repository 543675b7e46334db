package dev.fresco.engine.batch;

import dev.fresco.engine.Adapter;
import dev.fresco.engine.AdapterUse;
import dev.fresco.engine.EngineException;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.adapter.AdapterSet;
import dev.fresco.engine.adapter.LoraAdapter;
import dev.fresco.engine.adapter.LoraComponent;
import dev.fresco.engine.adapter.LowRank;
import dev.fresco.engine.kernel.KernelLibrary;
import dev.fresco.engine.text.LowRankPair;
import dev.fresco.engine.text.TextAdapter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A LoRA that was read for a model. Its numbers are Java's, so there is nothing to free.
 *
 * @param kernels of that model, which no other model has
 * @param identity stands for it where its numbers must not be held on to
 * @param texts what it adds to each of the family's text encoders
 */
record LoadedAdapter(
    KernelLibrary kernels,
    LoraAdapter adapter,
    Object identity,
    List<Map<String, LowRankPair>> texts)
    implements Adapter {

  static LoadedAdapter of(KernelLibrary kernels, LoraAdapter adapter) {
    List<Map<String, LowRankPair>> texts =
        Stream.of(LoraComponent.TEXT_ENCODER, LoraComponent.TEXT_ENCODER_2)
            .map(component -> pairs(adapter.layers(component)))
            .toList();
    return new LoadedAdapter(kernels, adapter, new Object(), texts);
  }

  /**
   * The set of a request's adapters, for its denoising network.
   *
   * @param kernels of the model
   * @throws EngineException if one was loaded for another model
   */
  static AdapterSet set(List<AdapterUse> uses, KernelLibrary kernels) {
    return AdapterSet.of(
        uses.stream()
            .map(use -> new AdapterSet.Use(loaded(use, kernels).adapter(), use.scale()))
            .toList());
  }

  /** The same for its text encoders. */
  static List<TextAdapter> texts(List<AdapterUse> uses, KernelLibrary kernels) {
    return uses.stream().map(use -> loaded(use, kernels).text(use.scale())).toList();
  }

  private TextAdapter text(double scale) {
    return new TextAdapter(identity, texts, scale);
  }

  private static LoadedAdapter loaded(AdapterUse use, KernelLibrary kernels) {
    if (use.adapter() instanceof LoadedAdapter loaded && loaded.kernels() == kernels) {
      return loaded;
    }
    throw new EngineException(use.adapter().name() + " was not loaded for this model");
  }

  private static Map<String, LowRankPair> pairs(Map<String, LowRank> layers) {
    Map<String, LowRankPair> pairs = new HashMap<>();
    layers.forEach((path, low) -> pairs.put(path, new LowRankPair(low.down(), scaledUp(low))));
    return pairs;
  }

  private static HostTensor scaledUp(LowRank low) {
    float[] up = low.up().data().clone();
    for (int i = 0; i < up.length; i++) {
      up[i] *= (float) low.scale();
    }
    return HostTensor.of(up, low.up().shape()[0], low.rank());
  }

  @Override
  public String name() {
    return adapter.name();
  }

  /** Two adapters are the same only if they are one object. */
  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }

  @Override
  public void close() {
    // Nothing native.
  }
}
