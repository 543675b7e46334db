package dev.fresco.trainer.stage;

import dev.fresco.contracts.Require;

/** Which stage of which replica; both from 0. */
public record StagePlace(int replica, int stage) implements Comparable<StagePlace> {
  public StagePlace {
    Require.atLeast("replica", replica, 0);
    Require.atLeast("stage", stage, 0);
  }

  /** Replica by replica. */
  @Override
  public int compareTo(StagePlace other) {
    return replica == other.replica
        ? Integer.compare(stage, other.stage)
        : Integer.compare(replica, other.replica);
  }

  @Override
  public String toString() {
    return "stage " + stage + (replica == 0 ? "" : " of replica " + replica);
  }
}
