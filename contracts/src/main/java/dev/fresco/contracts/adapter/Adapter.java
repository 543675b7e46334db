package dev.fresco.contracts.adapter;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.fresco.contracts.Require;
import dev.fresco.contracts.StoredObject;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * A LoRA or a ControlNet that requests may name.
 *
 * @param format how the file spells its keys: {@code peft}, {@code diffusers} (its older names),
 *     {@code kohya} or {@code controlnet}
 * @param baseModel the model that it was made for, if the uploader or the file says so
 * @param ranks the distinct ranks of a LoRA's layers, ascending; empty for a ControlNet
 * @param targets the parts that it changes, for example {@code unet}, {@code text_encoder}
 * @param layers how many layers it changes
 * @param family of the models that it fits, as in {@code ModelCard}, if the file says so
 * @param config a ControlNet's config.json; null for a LoRA
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Adapter(
    String id,
    Kind kind,
    String tenant,
    String name,
    String format,
    String baseModel,
    List<Integer> ranks,
    List<String> targets,
    int layers,
    long bytes,
    String sha256,
    String objectKey,
    Instant createdAt,
    String family,
    StoredObject config) {

  /** What sort of adapter it is. */
  public enum Kind {
    LORA,
    CONTROLNET;

    @JsonValue
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Adapter {
    Require.text("id", id);
    Require.present("kind", kind);
    Require.text("tenant", tenant);
    ranks = List.copyOf(ranks);
    targets = List.copyOf(targets);
    Require.text("sha256", sha256);
    Require.text("objectKey", objectKey);
    Require.present("createdAt", createdAt);
  }

  /** The safetensors file. */
  public StoredObject file() {
    return new StoredObject(objectKey, sha256, bytes);
  }
}
