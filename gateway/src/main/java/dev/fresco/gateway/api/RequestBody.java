package dev.fresco.gateway.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.fresco.contracts.job.ControlNetUse;
import dev.fresco.contracts.job.JobImage;
import dev.fresco.contracts.job.JobKind;
import dev.fresco.contracts.job.JobRequest;
import dev.fresco.contracts.job.LongPrompts;
import dev.fresco.contracts.job.LoraUse;
import dev.fresco.contracts.job.Priority;
import dev.fresco.contracts.job.StartImage;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A request as callers see it: without where its pictures and adapters lie. */
@Schema(name = "JobRequest", description = "As understood, every default filled in.")
@JsonInclude(JsonInclude.Include.NON_NULL)
record RequestBody(
    JobKind kind,
    String model,
    String prompt,
    String negativePrompt,
    String prompt2,
    String negativePrompt2,
    int clipSkip,
    LongPrompts longPrompts,
    int width,
    int height,
    int steps,
    double guidanceScale,
    String sampler,
    long seed,
    int count,
    @Schema(description = "Only of image-to-image.") Image image,
    @Schema(description = "Only of image-to-image.") Double strength,
    List<Lora> loras,
    List<ControlNet> controlnets,
    Priority priority,
    Instant deadline,
    Map<String, String> labels) {

  /** A picture that the job works from. */
  @Schema(name = "JobInputImage")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Image(
      int width,
      int height,
      String contentType,
      long bytes,
      String sha256,
      @Schema(description = "The template that it is, if it is one.") String template) {

    static Image of(JobImage image) {
      return new Image(
          image.width(),
          image.height(),
          image.contentType(),
          image.object().bytes(),
          image.object().sha256(),
          image.template());
    }
  }

  /** A LoRA that the job uses. */
  @Schema(name = "JobLora")
  record Lora(String id, double scale, String sha256) {
    static Lora of(LoraUse lora) {
      return new Lora(lora.id(), lora.scale(), lora.file().sha256());
    }
  }

  /** A ControlNet that the job uses. */
  @Schema(name = "JobControlNet")
  record ControlNet(String id, Image image, double scale, double from, double to, String sha256) {
    static ControlNet of(ControlNetUse net) {
      return new ControlNet(
          net.id(), Image.of(net.image()), net.scale(), net.from(), net.to(), net.file().sha256());
    }
  }

  static RequestBody of(JobRequest request) {
    StartImage start = request.start();
    return new RequestBody(
        request.kind(),
        request.model(),
        request.prompt(),
        request.negativePrompt(),
        request.promptOptions().second(),
        request.promptOptions().secondNegative(),
        request.promptOptions().clipSkip(),
        request.promptOptions().longPrompts(),
        request.width(),
        request.height(),
        request.steps(),
        request.guidanceScale(),
        request.sampler(),
        request.seed(),
        request.count(),
        start == null ? null : Image.of(start.image()),
        start == null ? null : start.strength(),
        request.loras().stream().map(Lora::of).toList(),
        request.controlnets().stream().map(ControlNet::of).toList(),
        request.priority(),
        request.deadline(),
        request.labels());
  }
}
