package dev.fresco.contracts.training;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What is trained, and by whom. */
public enum TrainingKind {
  /** A decoder-only transformer on text, by Fresco. */
  LANGUAGE_MODEL,
  /** A diffusion transformer on pictures, by Fresco. */
  DIFFUSION_TRANSFORMER,
  /** Low-rank additions to a diffusion model, by Fresco. */
  LORA,
  /** Somebody else's trainer: it posts telemetry, and gets schedules. */
  EXTERNAL;

  /** As in the API: {@code language-model}. */
  @JsonValue
  public String wireName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
