package dev.fresco.contracts.job;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a job makes. */
public enum JobKind {
  TEXT_TO_IMAGE,
  IMAGE_TO_IMAGE,
  /** Paints where the mask says, and keeps the rest of the template bit for bit. */
  EDIT,
  /** Makes no picture: it records a template, so that edits of it can use what was computed. */
  RECORDING;

  /** As in the API: {@code text-to-image}. */
  @JsonValue
  public String wireName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
