package dev.fresco.trainer.run;

import dev.fresco.trainer.stage.StageCommand;

/** A stage as the coordinator sees it. */
public interface RunningStage extends AutoCloseable {
  /** Hands over a command; never waits for the stage. */
  void tell(StageCommand command);

  /** Ends the stage, whatever it does now; no error if it has ended. */
  @Override
  void close();
}
