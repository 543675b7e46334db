package dev.fresco.gateway.admission;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** A template as the caller named it. */
@Schema(name = "TemplateName")
public record TemplateForm(
    @Schema(
            description = "Id of a template (POST /v1/templates).",
            example = "tpl_0123…",
            requiredMode = Schema.RequiredMode.REQUIRED)
        String id) {
  static final List<String> FIELDS = FormFields.of(TemplateForm.class);
}
