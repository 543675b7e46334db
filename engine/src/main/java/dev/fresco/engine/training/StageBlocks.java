package dev.fresco.engine.training;

import java.util.ArrayList;
import java.util.List;

/**
 * The blocks of a model that a pipeline's stage has. The stage with the first block has the
 * embeddings too, the one with the last block the norm, the head and the loss.
 *
 * @param first block, from 0
 * @param end the block after the stage's last
 * @param layers blocks of the whole model
 */
public record StageBlocks(int first, int end, int layers) {
  public StageBlocks {
    if (first < 0 || end <= first || end > layers) {
      throw new IllegalArgumentException(
          "blocks %d to %d (exclusive) are no part of %d".formatted(first, end, layers));
    }
  }

  /**
   * All of a model in stages of the same number of blocks; where they do not divide, the first
   * stages have one more.
   *
   * @param stages 1 to {@code layers}
   */
  public static List<StageBlocks> evenly(int layers, int stages) {
    if (stages < 1 || stages > layers) {
      throw new IllegalArgumentException(
          "%d blocks cannot be cut into %d stages".formatted(layers, stages));
    }
    List<StageBlocks> cut = new ArrayList<>();
    int first = 0;
    for (int stage = 0; stage < stages; stage++) {
      int end = first + layers / stages + (stage < layers % stages ? 1 : 0);
      cut.add(new StageBlocks(first, end, layers));
      first = end;
    }
    return List.copyOf(cut);
  }

  public boolean hasEmbeddings() {
    return first == 0;
  }

  public boolean hasHead() {
    return end == layers;
  }
}
