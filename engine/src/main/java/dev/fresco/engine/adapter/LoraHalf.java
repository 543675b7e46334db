package dev.fresco.engine.adapter;

/** The tensors that a LoRA has for a layer. */
public enum LoraHalf {
  /**
   * From the layer's input to the rank: {@code [rank, in]} or {@code [rank, in, height, width]}.
   */
  DOWN,
  /** From the rank to the layer's output: {@code [out, rank]} or {@code [out, rank, 1, 1]}. */
  UP,
  /** One number; the change is scaled by alpha / rank. Without it the scale is 1. */
  ALPHA
}
