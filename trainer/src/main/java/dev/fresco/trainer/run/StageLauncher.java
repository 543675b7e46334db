package dev.fresco.trainer.run;

import dev.fresco.trainer.stage.StagePlace;
import dev.fresco.trainer.stage.StageReport;
import java.util.function.Consumer;

/** Starts stages, in this process or in others. */
public interface StageLauncher {
  /**
   * Starts a stage, which then waits for commands.
   *
   * @param attempt of the run
   * @param reports may be called from any thread; gets a failure if the stage ends by itself
   */
  RunningStage launch(int attempt, StagePlace place, Consumer<StageReport> reports);
}
