package dev.fresco.gateway.admission;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** A mask as the caller gave it; null is what he left out. */
@Schema(
    name = "Mask",
    description =
        "What an edit may change, as a PNG or JPEG. Values between its ends are kept: where the"
            + " mask is half painted, half of the template stays. A mask that paints nothing is"
            + " refused; one that paints everything is taken.")
public record MaskForm(
    @Schema(
            description = "The file's bytes.",
            type = "string",
            format = "byte",
            example = "iVBORw0KGgo…",
            requiredMode = Schema.RequiredMode.REQUIRED)
        byte[] base64,
    @Schema(description = "Refused: nothing is fetched from elsewhere.") String url,
    @Schema(
            description = "Which pixels are painted. Of white and black, transparent ones are not.",
            allowableValues = {"white", "black", "transparent"},
            requiredMode = Schema.RequiredMode.REQUIRED)
        String edits,
    @Schema(
            description = "Whether a mask of another size is scaled to the job's.",
            defaultValue = "false")
        Boolean rescale,
    @Schema(
            description = "Pixels by which what is painted grows in each direction.",
            minimum = "0",
            defaultValue = "0")
        Long margin) {
  static final List<String> FIELDS = FormFields.of(MaskForm.class);
}
