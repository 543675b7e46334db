package dev.fresco.engine.adapter;

import dev.fresco.engine.HostTensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The adapters of a request, each with its scale: {@code W + sum over i of scale_i * up_i *
 * down_i}. Sets are equal if they hold the same adapter objects with the same scales in the same
 * order, so requests of equal sets may share their weights.
 *
 * <p>A sum of low ranks is one low rank: the down halves below each other, the up halves beside
 * each other. That stack is made at first use and kept as long as the set is.
 */
public final class AdapterSet {
  /** No adapters: the weights as they are. */
  public static final AdapterSet NONE = new AdapterSet(List.of());

  private final List<Use> uses;
  private final Map<LoraComponent, SortedMap<String, Stack>> stacks =
      new EnumMap<>(LoraComponent.class);

  private AdapterSet(List<Use> uses) {
    this.uses = uses;
  }

  /**
   * An adapter in a set.
   *
   * @param scale may be negative
   */
  public record Use(LoraAdapter adapter, double scale) {
    public Use {
      if (!Double.isFinite(scale)) {
        throw new IllegalArgumentException(
            "scale of " + adapter.name() + " is " + scale + "; it must be finite");
      }
    }
  }

  /**
   * What a set adds to the weight of one layer: {@code up * down}, all scales within {@code up}.
   *
   * @param down {@code [ranks, in]}, or {@code [ranks, in, height, width]} of a convolution
   * @param up {@code [out, ranks]}, or {@code [out, ranks, 1, 1]}
   */
  public record Stack(HostTensor down, HostTensor up) {
    /** The sum of the adapters' ranks. */
    public int ranks() {
      return (int) down.shape()[0];
    }
  }

  /** A set in this order; what has the scale 0 adds nothing and is left out. */
  public static AdapterSet of(List<Use> uses) {
    List<Use> effective = uses.stream().filter(use -> use.scale() != 0).toList();
    return effective.isEmpty() ? NONE : new AdapterSet(effective);
  }

  public List<Use> uses() {
    return uses;
  }

  public boolean isEmpty() {
    return uses.isEmpty();
  }

  /**
   * What the set adds to a component's layers, by their paths; empty if it changes none of them.
   * May be called from any thread.
   */
  public SortedMap<String, Stack> stacked(LoraComponent component) {
    synchronized (stacks) {
      return stacks.computeIfAbsent(component, this::stack);
    }
  }

  private SortedMap<String, Stack> stack(LoraComponent component) {
    Map<String, List<LowRank>> layers = new LinkedHashMap<>();
    for (Use use : uses) {
      use.adapter()
          .layers(component)
          .forEach(
              (path, low) ->
                  layers
                      .computeIfAbsent(path, key -> new ArrayList<>())
                      .add(new LowRank(low.down(), low.up(), use.scale() * low.scale())));
    }
    SortedMap<String, Stack> stacked = new TreeMap<>();
    layers.forEach((path, parts) -> stacked.put(path, stack(parts)));
    return Collections.unmodifiableSortedMap(stacked);
  }

  private static Stack stack(List<LowRank> parts) {
    int ranks = parts.stream().mapToInt(LowRank::rank).sum();
    long[] inner = parts.get(0).down().shape().clone();
    long[] outer = parts.get(0).up().shape().clone();
    inner[0] = ranks;
    outer[1] = ranks;
    return new Stack(
        HostTensor.of(below(parts), inner), HostTensor.of(beside(parts, (int) outer[0]), outer));
  }

  private static float[] below(List<LowRank> parts) {
    if (parts.size() == 1) {
      return parts.get(0).down().data();
    }
    float[] all =
        new float
            [parts.stream().mapToInt(part -> part.down().data().length).reduce(0, Math::addExact)];
    int at = 0;
    for (LowRank part : parts) {
      float[] down = part.down().data();
      System.arraycopy(down, 0, all, at, down.length);
      at += down.length;
    }
    return all;
  }

  private static float[] beside(List<LowRank> parts, int out) {
    int ranks = parts.stream().mapToInt(LowRank::rank).sum();
    float[] all = new float[Math.multiplyExact(out, ranks)];
    int column = 0;
    for (LowRank part : parts) {
      float[] up = part.up().data();
      int rank = part.rank();
      for (int row = 0; row < out; row++) {
        for (int i = 0; i < rank; i++) {
          all[row * ranks + column + i] = (float) (part.scale() * up[row * rank + i]);
        }
      }
      column += rank;
    }
    return all;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AdapterSet set && set.uses.equals(uses);
  }

  @Override
  public int hashCode() {
    return uses.hashCode();
  }

  @Override
  public String toString() {
    return uses.stream().map(use -> use.adapter().name() + " x " + use.scale()).toList().toString();
  }
}
