package dev.fresco.contracts.job;

import dev.fresco.contracts.Require;
import dev.fresco.contracts.StoredObject;

/**
 * A LoRA in a request.
 *
 * @param scale of what it adds to the weights; may be negative
 * @param file in safetensors
 */
public record LoraUse(String id, double scale, StoredObject file) {
  public LoraUse {
    Require.text("id", id);
    Require.finite("scale", scale);
    Require.present("file", file);
  }
}
