package dev.fresco.engine.unet;

import ai.djl.ndarray.NDArray;
import dev.fresco.engine.kernel.Maps;

/**
 * Hears what the named parts of a network return while it runs, for comparing two implementations
 * part by part. Tensors are fp32 and valid only during the call; they need not be contiguous.
 */
@FunctionalInterface
public interface LayerListener {
  LayerListener NONE = (name, output) -> {};

  /**
   * @param name as in the checkpoint's keys, such as {@code down_blocks.0}
   */
  void heard(String name, NDArray output);

  /** The first group's map. */
  default void heard(String name, Maps output) {
    heard(name, output.group(0));
  }
}
