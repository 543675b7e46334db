package dev.fresco.trainer.stage;

import dev.fresco.contracts.Require;

/**
 * An answer and whose it is.
 *
 * @param attempt of the run, which tells a stage from its successor
 */
public record StageReport(int attempt, StagePlace place, StageAnswer answer) {
  public StageReport {
    Require.present("place", place);
    Require.present("answer", answer);
  }
}
