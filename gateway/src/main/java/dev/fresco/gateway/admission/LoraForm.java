package dev.fresco.gateway.admission;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** A LoRA as the caller named it; null is what he left out. */
@Schema(name = "LoraUse")
public record LoraForm(
    @Schema(
            description = "Id of a LoRA (POST /v1/loras).",
            example = "lora_0123…",
            requiredMode = Schema.RequiredMode.REQUIRED)
        String id,
    @Schema(
            description = "Of what it adds to the weights; may be negative.",
            example = "0.8",
            defaultValue = "1.0")
        Double scale) {
  static final List<String> FIELDS = FormFields.of(LoraForm.class);
}
