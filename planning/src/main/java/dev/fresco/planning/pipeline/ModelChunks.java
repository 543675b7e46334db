package dev.fresco.planning.pipeline;

import dev.fresco.contracts.Require;

/**
 * How the model is cut and laid over the stages.
 *
 * <p>Example: 3 stages with 2 chunks each. In a loop, the pieces 0 to 5 of the model lie on stages
 * 0, 1, 2, 0, 1, 2; in a zigzag on 0, 1, 2, 2, 1, 0, the form of a V.
 *
 * @param stages at least 1
 * @param perStage at least 1
 */
public record ModelChunks(int stages, int perStage, Layout layout) {
  public ModelChunks {
    Require.atLeast("stages", stages, 1);
    Require.atLeast("perStage", perStage, 1);
    Require.present("layout", layout);
  }

  public enum Layout {
    /** Each round starts again at the first stage. */
    LOOP,
    /** Each round starts on the stage where the one before ended. */
    ZIGZAG
  }

  /** A stage, a piece. */
  public static ModelChunks onePerStage(int stages) {
    return new ModelChunks(stages, 1, Layout.LOOP);
  }

  /** Of the whole model. */
  public int pieces() {
    return stages * perStage;
  }

  /** The piece that is a stage's chunk. */
  public int piece(int stage, int chunk) {
    return chunk * stages + (turns(chunk) ? stages - 1 - stage : stage);
  }

  /** The stage that a piece lies on. */
  public int stageOf(int piece) {
    int inRound = piece % stages;
    return turns(piece / stages) ? stages - 1 - inRound : inRound;
  }

  private boolean turns(int chunk) {
    return layout == Layout.ZIGZAG && chunk % 2 == 1;
  }
}
