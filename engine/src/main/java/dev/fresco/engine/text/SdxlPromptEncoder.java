package dev.fresco.engine.text;

import dev.fresco.engine.Conditioning;
import dev.fresco.engine.EngineException;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.Prompt;
import dev.fresco.engine.TextStates;
import dev.fresco.engine.text.ClipText.Reading;
import dev.fresco.engine.text.tokenizer.FramedText;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Stable Diffusion XL: the states of two CLIP encoders before their last layer, without norm, side
 * by side on the channels, and the second one's projected pooled state. As in diffusers' {@code
 * StableDiffusionXLPipeline.encode_prompt}, clip skip counts on from there and is for the positive
 * prompt only. All four texts come in as many chunks as the longest needs.
 *
 * @param first not owned
 * @param second not owned; has a projection
 * @param zerosForEmpty whether a negative prompt without any text is all zeros instead of the
 *     states of an empty text; {@code force_zeros_for_empty_prompt} of the model's index
 */
public record SdxlPromptEncoder(ClipText first, ClipText second, boolean zerosForEmpty)
    implements PromptEncoder {
  /** Layers that the family leaves out by itself. */
  private static final int OWN_SKIP = 1;

  /**
   * @throws EngineException if the second encoder has no projection, or the two take texts of
   *     different lengths
   */
  public SdxlPromptEncoder {
    if (second.config().widths().projection() == 0) {
      throw new EngineException(
          "text_encoder_2 is a CLIPTextModel; it must be a CLIPTextModelWithProjection");
    }
    if (first.config().positions() != second.config().positions()) {
      throw new EngineException(
          "text_encoder takes %d tokens and text_encoder_2 %d; they must be as many"
              .formatted(first.config().positions(), second.config().positions()));
    }
  }

  /** The framed texts of a prompt: for both encoders what to paint, then what not. */
  private record Texts(
      FramedText text, FramedText second, FramedText negative, FramedText secondNegative) {

    int chunks() {
      return all().mapToInt(each -> each.chunks().size()).max().orElseThrow();
    }

    boolean truncated() {
      return all().anyMatch(FramedText::truncated);
    }

    private Stream<FramedText> all() {
      return Stream.of(text, second, negative, secondNegative);
    }
  }

  @Override
  public Conditioning encode(Prompt prompt, List<TextAdapter> adapters) {
    first.requireLayers(prompt, OWN_SKIP);
    second.requireLayers(prompt, OWN_SKIP);
    Texts texts = texts(prompt);
    int chunks = texts.chunks();
    int skip = prompt.clipSkip();
    List<Reading> ofFirst = new ArrayList<>();
    List<Reading> ofSecond = new ArrayList<>();
    ofFirst.add(new Reading(texts.text().paddedTo(chunks), reading(skip, false)));
    ofSecond.add(new Reading(texts.second().paddedTo(chunks), reading(skip, true)));
    boolean zeros = zerosForEmpty && saysNothing(prompt);
    if (!zeros) {
      ofFirst.add(new Reading(texts.negative().paddedTo(chunks), reading(0, false)));
      ofSecond.add(new Reading(texts.secondNegative().paddedTo(chunks), reading(0, true)));
    }
    List<TextStates> left = first.encode(ofFirst, first.terms(adapters, 0));
    List<TextStates> right = second.encode(ofSecond, second.terms(adapters, 1));
    TextStates positive = sideBySide(left.get(0), right.get(0));
    TextStates negative = zeros ? zerosLike(positive) : sideBySide(left.get(1), right.get(1));
    return new Conditioning(positive, negative, texts.truncated());
  }

  private Texts texts(Prompt prompt) {
    return new Texts(
        first.frame(prompt.text(), prompt.longPrompt()),
        second.frame(prompt.secondOrText(), prompt.longPrompt()),
        first.frame(prompt.negative(), prompt.longPrompt()),
        second.frame(prompt.secondNegativeOrNegative(), prompt.longPrompt()));
  }

  private static boolean saysNothing(Prompt prompt) {
    return prompt.negative().isEmpty() && prompt.secondNegativeOrNegative().isEmpty();
  }

  private static ClipReading reading(int clipSkip, boolean pooled) {
    return new ClipReading(clipSkip + OWN_SKIP, false, pooled);
  }

  /** States {@code [tokens, channels of both]}; pooled of the right one. */
  private static TextStates sideBySide(TextStates left, TextStates right) {
    int tokens = (int) left.states().shape()[0];
    int channels = (int) (left.states().shape()[1] + right.states().shape()[1]);
    FloatBuffer both = FloatBuffer.allocate(tokens * channels);
    for (int token = 0; token < tokens; token++) {
      putRow(left.states(), token, both);
      putRow(right.states(), token, both);
    }
    return new TextStates(HostTensor.of(both.array(), tokens, channels), right.pooled());
  }

  private static void putRow(HostTensor states, int row, FloatBuffer into) {
    int channels = (int) states.shape()[1];
    into.put(states.data(), row * channels, channels);
  }

  private static TextStates zerosLike(TextStates other) {
    return new TextStates(zerosLike(other.states()), zerosLike(other.pooled()));
  }

  private static HostTensor zerosLike(HostTensor other) {
    return new HostTensor(other.shape(), new float[other.data().length]);
  }
}
