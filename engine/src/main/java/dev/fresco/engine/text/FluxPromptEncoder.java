package dev.fresco.engine.text;

import dev.fresco.engine.Conditioning;
import dev.fresco.engine.EngineException;
import dev.fresco.engine.Prompt;
import dev.fresco.engine.Prompt.LongPrompt;
import dev.fresco.engine.TextStates;
import dev.fresco.engine.text.tokenizer.FramedText;
import dev.fresco.engine.text.tokenizer.PaddedTokens;
import java.util.ArrayList;
import java.util.List;

/**
 * Flux: the states of a T5 encoder and the pooled state of a CLIP encoder; diffusers' {@code
 * FluxPipeline.encode_prompt}. T5 reads the second text. CLIP reads the first text's beginning,
 * whatever the prompt wants done with long texts, and T5 reads as much as the family takes.
 *
 * <p>Words count as cut where no encoder reads them: with one text for both, CLIP's limit cuts
 * nothing that T5 does not see.
 *
 * <p>The network is steered without a negative prompt; there are negative states only where the
 * prompt says something negative, else null.
 *
 * @param clip not owned
 * @param t5 not owned
 */
public record FluxPromptEncoder(ClipText clip, T5Text t5) implements PromptEncoder {
  private static final int CLIP = 0;

  /**
   * {@inheritDoc}
   *
   * @throws EngineException also for a clip skip, as only the pooled state of CLIP is read
   */
  @Override
  public Conditioning encode(Prompt prompt, List<TextAdapter> adapters) {
    if (prompt.clipSkip() > 0) {
      throw new EngineException(
          "clipSkip is " + prompt.clipSkip() + "; Flux reads no layers' states of CLIP, only 0");
    }
    List<Pair> pairs = new ArrayList<>();
    pairs.add(new Pair(prompt.text(), prompt.secondOrText()));
    Pair negative = new Pair(prompt.negative(), prompt.secondNegativeOrNegative());
    if (!negative.isEmpty()) {
      pairs.add(negative);
    }
    List<FramedText> forClip =
        pairs.stream().map(pair -> clip.frame(pair.clip(), LongPrompt.CUT)).toList();
    List<PaddedTokens> forT5 = pairs.stream().map(pair -> t5.tokens(pair.t5())).toList();
    List<TextStates> results = encode(forClip, forT5, clip.terms(adapters, CLIP));
    boolean truncated = false;
    for (int i = 0; i < pairs.size(); i++) {
      truncated |= forT5.get(i).truncated() || pairs.get(i).differ() && forClip.get(i).truncated();
    }
    return new Conditioning(results.get(0), results.size() > 1 ? results.get(1) : null, truncated);
  }

  /** Texts for the two encoders. */
  private record Pair(String clip, String t5) {
    boolean differ() {
      return !clip.equals(t5);
    }

    boolean isEmpty() {
      return clip.isEmpty() && t5.isEmpty();
    }
  }

  private List<TextStates> encode(
      List<FramedText> forClip, List<PaddedTokens> forT5, LayerTerms terms) {
    List<TextStates> pooled =
        clip.encode(
            forClip.stream().map(text -> new ClipText.Reading(text, ClipReading.WHOLE)).toList(),
            terms);
    List<TextStates> states = t5.encode(forT5);
    List<TextStates> both = new ArrayList<>();
    for (int i = 0; i < states.size(); i++) {
      both.add(new TextStates(states.get(i).states(), pooled.get(i).pooled()));
    }
    return both;
  }
}
