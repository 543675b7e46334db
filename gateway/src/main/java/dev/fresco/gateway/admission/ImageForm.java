package dev.fresco.gateway.admission;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** A picture as the caller gave it: one of the three; null is what he left out. */
@Schema(
    name = "ImageSource",
    description =
        "A PNG or JPEG: its bytes in base64, or the id of an uploaded template."
            + " Pictures are not fetched from elsewhere, so url is refused.")
public record ImageForm(
    @Schema(
            description = "The file's bytes.",
            type = "string",
            format = "byte",
            example = "iVBORw0KGgo…")
        byte[] base64,
    @Schema(description = "Refused: nothing is fetched from elsewhere.") String url,
    @Schema(description = "Id of a template (POST /v1/templates).", example = "tpl_0123…")
        String template) {
  static final List<String> FIELDS = FormFields.of(ImageForm.class);

  /** Those that are not refused. */
  static final List<String> TAKEN = List.of("base64", "template");
}
