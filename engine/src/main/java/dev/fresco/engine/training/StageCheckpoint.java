package dev.fresco.engine.training;

import dev.fresco.engine.EngineException;
import dev.fresco.engine.kernel.KernelLibrary;
import java.nio.file.Path;
import java.util.Map;

/**
 * A stage's {@link ParameterFile}, whose header has the model's shape and the stage's blocks. Sums
 * of gradients are not in it: save between a step and the next forward pass.
 */
public final class StageCheckpoint {
  private static final String SHAPE = "shape";
  private static final String BLOCKS = "blocks";

  private StageCheckpoint() {}

  /**
   * Writes a file, in the place of one that was there; a failure leaves that one.
   *
   * @throws EngineException naming the file, if it cannot be written
   */
  public static void save(StageParameters stage, Path file) {
    ParameterFile.save(
        stage.all(),
        Map.of(SHAPE, stage.shape().toString(), BLOCKS, stage.blocks().toString()),
        file);
  }

  /**
   * Reads a file into new native memory; it may be overwritten afterwards.
   *
   * @throws EngineException naming the file and what is wrong, if it cannot be read, is damaged or
   *     is of another model or stage
   */
  public static StageParameters load(
      KernelLibrary kernels, ModelShape shape, StageBlocks blocks, Path file) {
    try (ParameterFile source = ParameterFile.open(file)) {
      source.requireText(SHAPE, shape.toString());
      source.requireText(BLOCKS, blocks.toString());
      long steps = source.steps();
      StageParameters stage = StageParameters.make(kernels, shape, blocks, source::parameter);
      stage.all().setSteps(steps);
      return stage;
    }
  }
}
