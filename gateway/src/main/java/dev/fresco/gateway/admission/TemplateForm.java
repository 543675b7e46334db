package dev.fresco.gateway.admission;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** A template as the caller gave it: one of the three; null is what he left out. */
@Schema(
    name = "TemplateSource",
    description =
        "The id of an uploaded template, or the bytes of a PNG or JPEG in base64. Pictures are not"
            + " fetched from elsewhere, so url is refused.")
public record TemplateForm(
    @Schema(description = "Id of a template (POST /v1/templates).", example = "tpl_0123…")
        String id,
    @Schema(
            description = "The file's bytes.",
            type = "string",
            format = "byte",
            example = "iVBORw0KGgo…")
        byte[] base64,
    @Schema(description = "Refused: nothing is fetched from elsewhere.") String url) {
  static final List<String> FIELDS = FormFields.of(TemplateForm.class);
}
