package dev.fresco.contracts.worker;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.fresco.contracts.Require;
import dev.fresco.contracts.job.JobKind;
import java.util.List;
import java.util.Locale;

/**
 * What requests may ask of a model beyond a prompt, a size and a sampler.
 *
 * @param kinds of jobs that it does
 * @param guidance what {@code guidanceScale} does
 * @param secondPrompt whether it has a second text encoder that can be told something else
 * @param chunkedPrompts whether it reads prompts over its encoder's limit in chunks
 * @param maxClipSkip layers that may be left out at the end of its CLIP encoder; 0 if it has none
 * @param loras whether LoRAs can be applied
 * @param controlNets whether ControlNets can be applied
 */
public record ModelAbilities(
    List<JobKind> kinds,
    Guidance guidance,
    boolean secondPrompt,
    boolean chunkedPrompts,
    int maxClipSkip,
    boolean loras,
    boolean controlNets) {

  /** What a model can whose card does not say. */
  public static final ModelAbilities BASIC =
      new ModelAbilities(
          List.of(JobKind.TEXT_TO_IMAGE), Guidance.CLASSIFIER_FREE, false, false, 0, false, false);

  /** What {@code guidanceScale} does. */
  public enum Guidance {
    /** Weighs the prompt against the negative prompt; each step runs the network on both. */
    CLASSIFIER_FREE,
    /** Is told to the network, which knows no negative prompt. */
    EMBEDDED,
    /** Nothing: the network knows no guidance and no negative prompt. */
    NONE;

    /** As in the API: {@code classifier-free}. */
    @JsonValue
    public String wireName() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether there is a use for a negative prompt. */
    public boolean takesNegativePrompt() {
      return this == CLASSIFIER_FREE;
    }
  }

  public ModelAbilities {
    kinds = List.copyOf(kinds);
    Require.present("guidance", guidance);
    Require.atLeast("maxClipSkip", maxClipSkip, 0);
  }
}
