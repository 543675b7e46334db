package dev.fresco.engine.text;

import dev.fresco.engine.Conditioning;
import dev.fresco.engine.Prompt;
import dev.fresco.engine.TextStates;
import dev.fresco.engine.text.tokenizer.FramedText;
import java.util.List;

/**
 * Stable Diffusion 1 and 2: the states of one CLIP encoder after its final norm, and no pooled
 * state. As in diffusers' {@code StableDiffusionPipeline.encode_prompt}, clip skip is for the
 * positive prompt only. Both prompts come in as many chunks as the longer one needs.
 *
 * @param clip not owned
 */
public record StableDiffusionPromptEncoder(ClipText clip) implements PromptEncoder {
  private static final int ONLY = 0;

  @Override
  public Conditioning encode(Prompt prompt, List<TextAdapter> adapters) {
    clip.requireLayers(prompt, 0);
    FramedText positive = clip.frame(prompt.text(), prompt.longPrompt());
    FramedText negative = clip.frame(prompt.negative(), prompt.longPrompt());
    int chunks = Math.max(positive.chunks().size(), negative.chunks().size());
    List<TextStates> states =
        clip.encode(
            List.of(
                new ClipText.Reading(positive.paddedTo(chunks), reading(prompt.clipSkip())),
                new ClipText.Reading(negative.paddedTo(chunks), reading(0))),
            clip.terms(adapters, ONLY));
    return new Conditioning(
        states.get(0), states.get(1), positive.truncated() || negative.truncated());
  }

  private static ClipReading reading(int clipSkip) {
    return new ClipReading(clipSkip, true, false);
  }
}
