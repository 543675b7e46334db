package dev.fresco.engine.adapter;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;

/**
 * A LoRA in the form that does not tell how its file spelt it. Adapters are the same only if they
 * are one object.
 */
public final class LoraAdapter {
  private final String name;
  private final Map<LoraComponent, SortedMap<String, LowRank>> layers;

  /**
   * @param name for messages
   * @param layers by component and by the layer's path in its network
   */
  LoraAdapter(String name, Map<LoraComponent, SortedMap<String, LowRank>> layers) {
    this.name = name;
    Map<LoraComponent, SortedMap<String, LowRank>> copy = new EnumMap<>(LoraComponent.class);
    layers.forEach(
        (component, paths) -> copy.put(component, Collections.unmodifiableSortedMap(paths)));
    this.layers = Collections.unmodifiableMap(copy);
  }

  /** What it was loaded from, for messages. */
  public String name() {
    return name;
  }

  /** The components that it changes, each with at least one layer. */
  public Map<LoraComponent, SortedMap<String, LowRank>> layers() {
    return layers;
  }

  /** The layers of one component, by their paths; empty if it changes none of them. */
  public SortedMap<String, LowRank> layers(LoraComponent component) {
    return layers.getOrDefault(component, Collections.emptySortedMap());
  }
}
