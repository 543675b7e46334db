package dev.fresco.lora.adapter;

import dev.fresco.contracts.adapter.Adapter;
import dev.fresco.engine.checkpoint.SafetensorsHeader;
import dev.fresco.platform.web.FieldChecks;
import java.io.IOException;
import org.springframework.core.io.InputStreamSource;

/**
 * A file to be registered.
 *
 * @param name for people, never a path; or null
 * @param baseModel what the uploader says it was made for, or null
 * @param file the safetensors file; may be read several times
 * @param config of a ControlNet, the bytes of its config.json; empty for a LoRA
 */
public record AdapterUpload(
    Adapter.Kind kind,
    String name,
    String baseModel,
    InputStreamSource file,
    long fileBytes,
    byte[] config) {
  /** Bytes of a config.json at most. */
  public static final int LARGEST_CONFIG = 1 << 20;

  private static final int LONGEST_TEXT = 200;

  /**
   * @throws dev.fresco.platform.web.ProblemException 422 if a text is wrong
   */
  public AdapterUpload {
    new FieldChecks()
        .text("name", name, LONGEST_TEXT)
        .text("baseModel", baseModel, LONGEST_TEXT)
        .done();
    if (config.length > LARGEST_CONFIG) {
      throw Refusal.of(
          Refusal.CONFIG, "has " + config.length + " bytes; the limit is " + LARGEST_CONFIG);
    }
  }

  /** Validates the file by its header, of a length at most. */
  AdapterDescription describe(SafetensorsHeader.Limit longest) throws IOException {
    TensorListing listing;
    try (var input = file.getInputStream()) {
      listing = TensorListing.read(input, fileBytes, longest);
    }
    return kind == Adapter.Kind.LORA
        ? LoraFile.describe(listing)
        : ControlNetFile.describe(listing, config);
  }
}
