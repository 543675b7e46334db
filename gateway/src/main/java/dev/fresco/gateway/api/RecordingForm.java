package dev.fresco.gateway.api;

import dev.fresco.gateway.admission.LoraForm;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What may be said of a recording, for the API's description; a job's form reads it. */
@Schema(
    name = "RecordingForm",
    description =
        "The settings of the edits that are to use the recording: their model, sampler, steps,"
            + " LoRAs, and whether they have guidance. Other fields mean what they do in a job.")
record RecordingForm(
    String model,
    @Schema(description = "What the template shows.", defaultValue = "") String prompt,
    String negativePrompt,
    String prompt2,
    String negativePrompt2,
    Long clipSkip,
    String longPrompts,
    Long width,
    Long height,
    Long steps,
    Double guidanceScale,
    String sampler,
    List<LoraForm> loras,
    String priority,
    Instant deadline,
    Map<String, String> labels) {}
