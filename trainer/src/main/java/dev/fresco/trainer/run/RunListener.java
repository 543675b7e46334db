package dev.fresco.trainer.run;

import dev.fresco.planning.pipeline.PipelinePlan;
import dev.fresco.trainer.checkpoint.Checkpoint;
import dev.fresco.trainer.stage.StageReport;
import java.util.List;

/**
 * Is told what happens in a run, always from the thread that runs it; what it throws ends the run.
 */
public interface RunListener {
  /**
   * All stages are there.
   *
   * @param attempt from 0
   * @param iteration that comes first
   */
  default void started(int attempt, long iteration) {}

  default void iterated(IterationReport report) {}

  /** A plan is in force from an iteration on. */
  default void planTaken(PipelinePlan plan, long iteration) {}

  /** A plan contradicts the run, which goes on with the one before. */
  default void planRefused(PipelinePlan plan, List<String> problems) {}

  default void saved(Checkpoint checkpoint) {}

  /** The attempt is over. */
  default void stageLost(int attempt, String reason) {}

  /** A report came late, twice or unasked. */
  default void reportDropped(StageReport report, String why) {}
}
