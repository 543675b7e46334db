package dev.fresco.contracts.job;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** A job's standing in the queue of its tenant; later constants go first. */
public enum Priority {
  LOW,
  NORMAL,
  HIGH;

  @JsonValue
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
