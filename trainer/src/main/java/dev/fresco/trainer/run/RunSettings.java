package dev.fresco.trainer.run;

import dev.fresco.contracts.Require;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How a run is kept going; its numbers do not depend on it.
 *
 * @param job names it
 * @param token a secret that its stages know each other by
 * @param checkpoints folder of this run alone; the run goes on from the newest there
 * @param checkpointEvery iterations, at least 1; the last iteration has one too
 * @param checkpointsKept at least 1; with two, a weight that went wrong before it was noticed does
 *     not take all with it
 * @param patience when stages are given up
 */
public record RunSettings(
    String job,
    String token,
    Path checkpoints,
    int checkpointEvery,
    int checkpointsKept,
    Patience patience) {
  public RunSettings {
    Require.text("job", job);
    Require.text("token", token);
    Require.present("checkpoints", checkpoints);
    Require.atLeast("checkpointEvery", checkpointEvery, 1);
    Require.atLeast("checkpointsKept", checkpointsKept, 1);
    Require.present("patience", patience);
  }

  /** A minute for an answer, two for a start, five restarts from one checkpoint. */
  public static RunSettings of(String job, String token, Path checkpoints, int checkpointEvery) {
    Patience patience = new Patience(Duration.ofMinutes(2), Duration.ofMinutes(1), 5);
    return new RunSettings(job, token, checkpoints, checkpointEvery, 2, patience);
  }

  public RunSettings withPatience(Patience other) {
    return new RunSettings(job, token, checkpoints, checkpointEvery, checkpointsKept, other);
  }

  /** With another time for an iteration or a checkpoint. */
  public RunSettings withAnswerLimit(Duration limit) {
    return withPatience(new Patience(patience.start(), limit, patience.restarts()));
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "RunSettings[job=%s, checkpoints=%s, checkpointEvery=%d, checkpointsKept=%d, %s]"
        .formatted(job, checkpoints, checkpointEvery, checkpointsKept, patience);
  }

  /**
   * When stages are given up.
   *
   * @param start for how long a stage may start, and read its weights
   * @param answer for how long an iteration or a checkpoint may last; a stage that takes longer is
   *     taken for dead
   * @param restarts from the same checkpoint, before the run gives up; 0 or more
   */
  public record Patience(Duration start, Duration answer, int restarts) {
    public Patience {
      Require.present("start", start);
      Require.present("answer", answer);
      Require.atLeast("restarts", restarts, 0);
    }
  }
}
