package dev.fresco.contracts.job;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What happens to a prompt over the text encoder's limit. */
public enum LongPrompts {
  /** Its end is left out, with a warning. */
  CUT,
  /** It is encoded in chunks of the limit. */
  CHUNKS;

  @JsonValue
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
