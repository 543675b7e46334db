package dev.fresco.planning.pipeline;

import dev.fresco.contracts.Require;

/**
 * One piece of work of a stage.
 *
 * @param microbatch from 0
 * @param chunk of the model on this stage, from 0; 0 where a stage holds one piece of the model
 */
public record Operation(Kind kind, int microbatch, int chunk) {
  public Operation {
    Require.present("kind", kind);
    Require.atLeast("microbatch", microbatch, 0);
    Require.atLeast("chunk", chunk, 0);
  }

  /** What is computed. The letters are those of the zero-bubble papers (arXiv:2401.10241). */
  public enum Kind {
    FORWARD("F"),
    /** The gradient of the stage's input; the stage before waits for it. */
    INPUT_GRADIENT("B"),
    /** The gradient of the weights; nobody waits for it before the optimizer. */
    WEIGHT_GRADIENT("W"),
    /** Both gradients as one operation; the stage before waits for its end. */
    BACKWARD("BW");

    private final String letters;

    Kind(String letters) {
      this.letters = letters;
    }

    public String letters() {
      return letters;
    }

    /** Whether its end makes the gradient that goes to the stage before. */
    boolean makesInputGradient() {
      return this == INPUT_GRADIENT || this == BACKWARD;
    }

    /** Whether its end is the last use of what the forward pass left behind. */
    boolean makesWeightGradient() {
      return this == WEIGHT_GRADIENT || this == BACKWARD;
    }
  }

  /** Such as {@code F3}, or {@code BW3.1} for chunk 1. */
  @Override
  public String toString() {
    return kind.letters() + microbatch + (chunk == 0 ? "" : "." + chunk);
  }
}
