package dev.fresco.contracts.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A request as callers see it: without where its pictures and adapters lie.
 *
 * @param image what an image-to-image job or an edit starts from, or what is recorded, else null
 * @param strength of an image-to-image job or an edit, else null
 * @param mask what an edit may change, else null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ShownRequest(
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
    Image image,
    Double strength,
    Mask mask,
    List<Lora> loras,
    List<ControlNet> controlnets,
    Priority priority,
    Instant deadline,
    Map<String, String> labels) {

  /**
   * A picture that the job works from.
   *
   * @param template id of the template that it is, or null if it came with the request
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Image(
      int width, int height, String contentType, long bytes, String sha256, String template) {

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

  /**
   * What an edit may change, as it is used: grey, 255 where it paints.
   *
   * @param sha256 of the PNG that it was made into
   * @param ratio share of the pixels that may change, 0 to 1
   */
  public record Mask(int width, int height, String sha256, double ratio) {
    static Mask of(EditMask mask) {
      JobImage image = mask.image();
      return new Mask(image.width(), image.height(), image.object().sha256(), mask.ratio());
    }
  }

  /** A LoRA that the job uses. */
  public record Lora(String id, double scale, String sha256) {
    static Lora of(LoraUse lora) {
      return new Lora(lora.id(), lora.scale(), lora.file().sha256());
    }
  }

  /** A ControlNet that the job uses. */
  public record ControlNet(
      String id, Image image, double scale, double from, double to, String sha256) {
    static ControlNet of(ControlNetUse net) {
      return new ControlNet(
          net.id(), Image.of(net.image()), net.scale(), net.from(), net.to(), net.file().sha256());
    }
  }

  public static ShownRequest of(JobRequest request) {
    StartImage start = request.start();
    return new ShownRequest(
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
        start == null || request.kind() == JobKind.RECORDING ? null : start.strength(),
        request.mask() == null ? null : Mask.of(request.mask()),
        request.loras().stream().map(Lora::of).toList(),
        request.controlnets().stream().map(ControlNet::of).toList(),
        request.priority(),
        request.deadline(),
        request.labels());
  }
}
