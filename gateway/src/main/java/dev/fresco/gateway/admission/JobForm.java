package dev.fresco.gateway.admission;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A job as the caller wrote it; null is what he left out. */
@Schema(
    name = "JobForm",
    description =
        "What a caller asks for. A picture needs a prompt; a recording needs only a template.")
public record JobForm(
    @Schema(
            description = "What to make.",
            example = "text-to-image",
            allowableValues = {"text-to-image", "image-to-image", "edit", "recording"},
            defaultValue = "text-to-image")
        String kind,
    @Schema(description = "A model's id; default: the only or the configured one.") String model,
    @Schema(example = "a fox on a white background", requiredMode = Schema.RequiredMode.REQUIRED)
        String prompt,
    @Schema(description = "What the picture should not show.", defaultValue = "")
        String negativePrompt,
    @Schema(
            description =
                "For the second text encoder, of models that have one; default: as prompt.")
        String prompt2,
    @Schema(description = "For the second text encoder; default: as negativePrompt.")
        String negativePrompt2,
    @Schema(
            description = "Layers to leave out at the end of the CLIP text encoder.",
            minimum = "0",
            defaultValue = "0")
        Long clipSkip,
    @Schema(
            description =
                "What happens to a prompt over the text encoder's limit: its end is cut, with a"
                    + " warning, or it is read in chunks.",
            allowableValues = {"cut", "chunks"},
            defaultValue = "cut")
        String longPrompts,
    @Schema(
            description =
                "Pixels; a multiple of the model's sizeMultiple. Default: that of the image, else"
                    + " of the first ControlNet's image, else the model's.",
            example = "128")
        Long width,
    @Schema(description = "Pixels; likewise.", example = "128") Long height,
    @Schema(description = "Denoising steps.", example = "20", minimum = "1") Long steps,
    @Schema(description = "Classifier-free guidance; 1 or less means none.", example = "5.0")
        Double guidanceScale,
    @Schema(description = "One of the model's samplers.", example = "ddim") String sampler,
    @Schema(
            description = "Of the first picture; picture n has seed + n. Default: drawn.",
            example = "42",
            minimum = "0")
        Long seed,
    @Schema(description = "Pictures.", example = "1", minimum = "1", defaultValue = "1") Long count,
    @Schema(
            description =
                "Of image-to-image and edit: what to start from; of the job's width and height.")
        ImageForm image,
    @Schema(
            description =
                "Of image-to-image and edit: what to start from, instead of image. Of recording:"
                    + " the template to record, by its id.")
        TemplateForm template,
    @Schema(description = "Of edit: what may change; the rest of the picture stays as it is.")
        MaskForm mask,
    @Schema(
            description =
                "Of image-to-image and edit: share of the steps that are taken; at 1 nothing of"
                    + " the image stays, or of what the mask paints. Default: 0.8 of"
                    + " image-to-image, 1.0 of edit.",
            exclusiveMinimumValue = 0,
            maximum = "1")
        Double strength,
    @Schema(description = "In the order in which they are added up.") List<LoraForm> loras,
    List<ControlNetForm> controlnets,
    @Schema(
            allowableValues = {"low", "normal", "high"},
            defaultValue = "normal")
        String priority,
    @Schema(description = "If the job has not started by then, it expires.") Instant deadline,
    @Schema(description = "To find jobs again in the list.", example = "{\"team\": \"ads\"}")
        Map<String, String> labels) {

  static final List<String> FIELDS = FormFields.of(JobForm.class);
}
