package dev.fresco.engine.dit;

import dev.fresco.engine.kernel.KernelWeights;

/**
 * What adapters add to the linear layers of some members of a batch: {@code y += (x down^T) up^T}
 * on the members' tokens, with the scale within {@code up}.
 */
public interface LowRankTerms {
  /**
   * The terms of a part of the network: a list with one dictionary for each run of members, with
   * {@code LAYER.down [rank, in]} and {@code LAYER.up [out, rank]} by the layers' names within the
   * part. A dictionary may lack layers.
   *
   * @param part as in the checkpoint's keys, such as {@code transformer_blocks.0}; empty for the
   *     layers outside of the blocks
   */
  KernelWeights of(String part);

  /**
   * For each run, its first member and the one after its last, as many as there are dictionaries.
   */
  long[] runs();
}
