package dev.fresco.contracts.job;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a job makes. */
public enum JobKind {
  TEXT_TO_IMAGE,
  IMAGE_TO_IMAGE,
  EDIT;

  /** As in the API: {@code text-to-image}. */
  @JsonValue
  public String wireName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
