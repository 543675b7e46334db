package dev.fresco.engine.batch;

import dev.fresco.engine.EngineException;
import dev.fresco.engine.checkpoint.Checkpoint;

/** Parts of a checkpoint that must agree in a size. */
final class EqualSizes {
  private EqualSizes() {}

  /**
   * @throws EngineException naming the checkpoint, both sizes and whose they are
   */
  static void require(Checkpoint checkpoint, String name, int value, String otherName, int other) {
    if (value != other) {
      throw new EngineException(
          "%s: %s is %d, but %s is %d".formatted(checkpoint.path(), name, value, otherName, other));
    }
  }
}
