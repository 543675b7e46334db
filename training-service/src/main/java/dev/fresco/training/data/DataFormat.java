package dev.fresco.training.data;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.fresco.contracts.training.TrainingKind;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What data can be, and which jobs are trained on it. */
public enum DataFormat {
  /** Any bytes, each a token. */
  TEXT("text/plain", TrainingKind.LANGUAGE_MODEL),
  /** A zip of pictures, {@code NAME.png} with a caption in {@code NAME.txt} each. */
  PICTURES("application/zip", TrainingKind.LORA),
  /** A safetensors file with {@code latents} and, if there are some, {@code labels}. */
  LATENTS("application/octet-stream", TrainingKind.DIFFUSION_TRANSFORMER);

  private final String mediaType;
  private final TrainingKind kind;

  DataFormat(String mediaType, TrainingKind kind) {
    this.mediaType = mediaType;
    this.kind = kind;
  }

  /** The kind of job that is trained on it. */
  public TrainingKind kind() {
    return kind;
  }

  @JsonValue
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<DataFormat> of(String mediaType) {
    return Arrays.stream(values())
        .filter(format -> mediaType != null && mediaType.startsWith(format.mediaType))
        .findFirst();
  }
}
