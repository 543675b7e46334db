package dev.fresco.contracts.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.fresco.contracts.Require;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A job as it was understood, every default filled in.
 *
 * <p>A recording has the template as {@code start} at strength 1, a count of 1, and the seed 0,
 * which nothing is drawn from: the noise is the template's own.
 *
 * @param width pixels
 * @param height pixels
 * @param steps denoising steps, at least 1
 * @param guidanceScale classifier-free guidance; 1 or less means none
 * @param sampler as in the model card, for example {@code ddim}
 * @param seed of the first picture; picture n has {@code seed + n}
 * @param count pictures, at least 1
 * @param deadline after which the job expires if it has not started, or null
 * @param promptOptions how the prompts are read
 * @param start what an image-to-image job or an edit starts from, or the template that is recorded;
 *     null for any other
 * @param mask what an edit may change; null for any other
 * @param loras in the order in which they are added up
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record JobRequest(
    JobKind kind,
    String model,
    String prompt,
    String negativePrompt,
    int width,
    int height,
    int steps,
    double guidanceScale,
    String sampler,
    long seed,
    int count,
    Priority priority,
    Instant deadline,
    Map<String, String> labels,
    PromptOptions promptOptions,
    StartImage start,
    EditMask mask,
    List<LoraUse> loras,
    List<ControlNetUse> controlnets) {

  public JobRequest {
    Require.present("kind", kind);
    Require.text("model", model);
    Require.present("prompt", prompt);
    negativePrompt = negativePrompt == null ? "" : negativePrompt;
    Require.atLeast("width", width, 1);
    Require.atLeast("height", height, 1);
    Require.atLeast("steps", steps, 1);
    Require.text("sampler", sampler);
    Require.atLeast("count", count, 1);
    priority = priority == null ? Priority.NORMAL : priority;
    // In one order everywhere, so that a job that runs again writes the same bytes.
    labels = Collections.unmodifiableMap(new TreeMap<>(labels == null ? Map.of() : labels));
    promptOptions = promptOptions == null ? PromptOptions.DEFAULT : promptOptions;
    if ((kind == JobKind.TEXT_TO_IMAGE) != (start == null)) {
      throw new IllegalArgumentException(
          "start is " + (start == null ? "missing" : "given") + "; kind is " + kind.wireName());
    }
    if ((kind == JobKind.EDIT) != (mask != null)) {
      throw new IllegalArgumentException(
          "mask is " + (mask == null ? "missing" : "given") + "; kind is " + kind.wireName());
    }
    if (kind == JobKind.RECORDING && (start.strength() != 1 || count != 1)) {
      throw new IllegalArgumentException(
          "strength is "
              + start.strength()
              + " and count "
              + count
              + "; a recording has 1 of both");
    }
    if (start != null) {
      Require.atLeast("steps by strength", StartImage.steps(steps, start.strength()), 1);
    }
    loras = loras == null ? List.of() : List.copyOf(loras);
    controlnets = controlnets == null ? List.of() : List.copyOf(controlnets);
  }

  /** A job that asks for nothing but a picture of its prompt. */
  public JobRequest(
      JobKind kind,
      String model,
      String prompt,
      String negativePrompt,
      int width,
      int height,
      int steps,
      double guidanceScale,
      String sampler,
      long seed,
      int count,
      Priority priority,
      Instant deadline,
      Map<String, String> labels) {
    this(
        kind,
        model,
        prompt,
        negativePrompt,
        width,
        height,
        steps,
        guidanceScale,
        sampler,
        seed,
        count,
        priority,
        deadline,
        labels,
        null,
        null,
        null,
        null,
        null);
  }

  /** Steps that each picture takes. */
  public int stepsPerPicture() {
    return start == null ? steps : StartImage.steps(steps, start.strength());
  }

  /** Steps of all pictures together. */
  public int stepsTotal() {
    return stepsPerPicture() * count;
  }
}
