package dev.fresco.trainer.link;

import dev.fresco.contracts.Require;

/**
 * What a message is for. No two messages of a training attempt have the same.
 *
 * @param iteration from 0
 * @param microbatch of the iteration, from 0
 * @param piece of the model that it is for, from 0
 */
public record MessageKey(MessageKind kind, long iteration, int microbatch, int piece) {
  public MessageKey {
    Require.present("kind", kind);
    if (iteration < 0) {
      throw new IllegalArgumentException("iteration is " + iteration + "; the least is 0");
    }
    Require.atLeast("microbatch", microbatch, 0);
    Require.atLeast("piece", piece, 0);
  }

  /** Such as {@code ACTIVATION of iteration 3, microbatch 0, for piece 1}. */
  @Override
  public String toString() {
    return kind
        + " of iteration "
        + iteration
        + ", microbatch "
        + microbatch
        + ", for piece "
        + piece;
  }
}
