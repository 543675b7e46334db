package dev.fresco.engine.dit;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * What the network reads for one step of a batch. All tensors are fp32.
 *
 * @param layout of the members' tokens
 * @param latents {@code [places, in channels]}
 * @param words {@code [words, word channels]}
 * @param conditions one row a member
 * @param rotations one for each of the layout's shapes, see {@link RotaryTables}
 */
public record FluxInput(
    TokenLayout layout,
    NDArray latents,
    NDArray words,
    Conditions conditions,
    List<NDArray> rotations) {

  /**
   * @param timesteps {@code [members]}, 1 at pure noise to 0
   * @param guidance {@code [members]}; read only by networks with a guidance embedding
   * @param pooled {@code [members, pooled channels]}
   */
  public record Conditions(NDArray timesteps, NDArray guidance, NDArray pooled) {}
}
