package dev.fresco.engine.adapter;

import dev.fresco.engine.checkpoint.StoredTensor;

/**
 * What a file has for one layer.
 *
 * @param name as {@link LoraSpelling.Key} has it
 * @param down {@code [rank, in]} or {@code [rank, in, height, width]}
 * @param up {@code [out, rank]} or {@code [out, rank, 1, 1]}
 * @param alpha one number, or null
 */
public record LoraLayer(
    LoraComponent component, String name, StoredTensor down, StoredTensor up, StoredTensor alpha) {
  public int rank() {
    return (int) down.shape()[0];
  }
}
