package dev.fresco.engine.adapter;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The linear and convolution layers of one network, which an adapter may change.
 *
 * @param shapes of the weights by the layer's path, {@code [out, in]} or {@code [out, in, height,
 *     width]}
 */
public record NetworkLayers(SortedMap<String, long[]> shapes) {
  private static final String WEIGHT = ".weight";

  public NetworkLayers {
    shapes = Collections.unmodifiableSortedMap(new TreeMap<>(shapes));
    shapes.forEach(
        (path, shape) -> {
          if (shape.length != 2 && shape.length != 4) {
            throw new IllegalArgumentException(
                path + " has " + shape.length + " dimensions; a layer's weight has 2 or 4");
          }
        });
  }

  /**
   * Of a checkpoint's tensors: those that are called {@code PATH.weight} and have 2 or 4
   * dimensions. Embedding tables look the same; no trainer writes a LoRA for them.
   */
  public static NetworkLayers ofTensors(Map<String, long[]> tensors) {
    SortedMap<String, long[]> layers = new TreeMap<>();
    tensors.forEach(
        (name, shape) -> {
          if (name.endsWith(WEIGHT) && (shape.length == 2 || shape.length == 4)) {
            layers.put(name.substring(0, name.length() - WEIGHT.length()), shape);
          }
        });
    return new NetworkLayers(layers);
  }
}
