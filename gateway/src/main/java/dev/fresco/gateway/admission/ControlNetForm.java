package dev.fresco.gateway.admission;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** A ControlNet as the caller named it; null is what he left out. */
@Schema(name = "ControlNetUse")
public record ControlNetForm(
    @Schema(
            description = "Id of a ControlNet (POST /v1/controlnets).",
            example = "cnet_0123…",
            requiredMode = Schema.RequiredMode.REQUIRED)
        String id,
    @Schema(
            description = "What it is shown; of the job's width and height.",
            requiredMode = Schema.RequiredMode.REQUIRED)
        ImageForm image,
    @Schema(description = "How much it counts.", minimum = "0", defaultValue = "1.0") Double scale,
    @Schema(
            description = "Share of the steps before its first.",
            minimum = "0",
            defaultValue = "0.0")
        Double from,
    @Schema(
            description = "Share of the steps up to its last; above from.",
            maximum = "1",
            defaultValue = "1.0")
        Double to) {
  static final List<String> FIELDS = FormFields.of(ControlNetForm.class);
}
