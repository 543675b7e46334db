package dev.fresco.contracts.training;

import com.fasterxml.jackson.annotation.JsonValue;

/** How a job's pipeline goes through its microbatches. */
public enum TrainingSchedule {
  /** Looked for by the times of the operations, and changed when links or stages become slow. */
  ADAPTIVE("adaptive"),
  ONE_F_ONE_B("1f1b"),
  ZERO_BUBBLE_1P("zb-1p"),
  ZERO_BUBBLE_2P("zb-2p");

  private final String wireName;

  TrainingSchedule(String wireName) {
    this.wireName = wireName;
  }

  @JsonValue
  public String wireName() {
    return wireName;
  }
}
