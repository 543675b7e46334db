package dev.fresco.contracts.worker;

import dev.fresco.contracts.Require;
import java.util.List;

/**
 * What a served model can do; the gateway validates requests against it.
 *
 * @param id the name that requests use
 * @param family {@code stable-diffusion}, {@code stable-diffusion-xl} or {@code flux}
 * @param revision hash of the checkpoint's files
 * @param sizeMultiple width and height must be multiples of this, in pixels
 * @param maxPromptTokens what the text encoder reads, including start and end
 * @param samplers names that requests may use
 * @param abilities what else requests may ask for
 */
public record ModelCard(
    String id,
    String family,
    String revision,
    int sizeMultiple,
    int minSize,
    int maxSize,
    int defaultWidth,
    int defaultHeight,
    int maxPromptTokens,
    List<String> samplers,
    String defaultSampler,
    int defaultSteps,
    int maxSteps,
    double defaultGuidanceScale,
    double maxGuidanceScale,
    ModelAbilities abilities) {

  public ModelCard {
    Require.text("id", id);
    Require.text("family", family);
    Require.text("revision", revision);
    Require.atLeast("sizeMultiple", sizeMultiple, 1);
    samplers = List.copyOf(samplers);
    if (!samplers.contains(defaultSampler)) {
      throw new IllegalArgumentException(
          "defaultSampler is " + defaultSampler + "; the samplers are " + samplers);
    }
    abilities = abilities == null ? ModelAbilities.BASIC : abilities;
  }

  /** Of a model that makes pictures from words and no more. */
  public ModelCard(
      String id,
      String family,
      String revision,
      int sizeMultiple,
      int minSize,
      int maxSize,
      int defaultWidth,
      int defaultHeight,
      int maxPromptTokens,
      List<String> samplers,
      String defaultSampler,
      int defaultSteps,
      int maxSteps,
      double defaultGuidanceScale,
      double maxGuidanceScale) {
    this(
        id,
        family,
        revision,
        sizeMultiple,
        minSize,
        maxSize,
        defaultWidth,
        defaultHeight,
        maxPromptTokens,
        samplers,
        defaultSampler,
        defaultSteps,
        maxSteps,
        defaultGuidanceScale,
        maxGuidanceScale,
        ModelAbilities.BASIC);
  }
}
