package dev.fresco.engine.dit;

import ai.djl.ndarray.NDArray;
import dev.fresco.engine.kernel.AdapterTerms;
import java.util.List;

/**
 * What the network reads for one step of a batch. All tensors are fp32.
 *
 * @param layout of the members' tokens
 * @param latents {@code [places, in channels]}
 * @param words {@code [words, word channels]}
 * @param conditions one row a member
 * @param rotations one for each of the layout's groups, see {@link RotaryTables}
 * @param terms of adapters, by the groups of the layout and the members within
 * @param states that blocks take from recordings and leave for them
 */
public record FluxInput(
    TokenLayout layout,
    NDArray latents,
    NDArray words,
    Conditions conditions,
    List<NDArray> rotations,
    AdapterTerms terms,
    RecordedStates states) {

  /** Without recordings. */
  public FluxInput(
      TokenLayout layout,
      NDArray latents,
      NDArray words,
      Conditions conditions,
      List<NDArray> rotations,
      AdapterTerms terms) {
    this(layout, latents, words, conditions, rotations, terms, RecordedStates.NONE);
  }

  /**
   * @param timesteps {@code [members]}, 1 at pure noise to 0
   * @param guidance {@code [members]}; read only by networks with a guidance embedding
   * @param pooled {@code [members, pooled channels]}
   */
  public record Conditions(NDArray timesteps, NDArray guidance, NDArray pooled) {}
}
