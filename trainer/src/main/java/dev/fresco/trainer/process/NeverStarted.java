package dev.fresco.trainer.process;

import dev.fresco.trainer.run.RunningStage;
import dev.fresco.trainer.stage.StageCommand;

/** In the place of a stage whose process did not start. */
final class NeverStarted implements RunningStage {
  @Override
  public void tell(StageCommand command) {}

  @Override
  public void close() {}
}
