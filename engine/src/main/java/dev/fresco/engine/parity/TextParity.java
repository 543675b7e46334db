package dev.fresco.engine.parity;

import dev.fresco.engine.Prompt.LongPrompt;
import dev.fresco.engine.TextStates;
import dev.fresco.engine.text.ClipReading;
import dev.fresco.engine.text.ClipTextEncoder;
import dev.fresco.engine.text.tokenizer.ClipTokenizer;
import java.util.List;
import java.util.Map;

/**
 * {@code FAMILY.text}, {@code FAMILY.text1} and {@code FAMILY.text2}: prompts to tokens, and the
 * states of a CLIP text encoder, with projection or without, from given tokens.
 */
public final class TextParity implements ParityCheck {
  /** What the folders' names of the encoder and its tokenizer end in. */
  private static final Map<String, String> PARTS = Map.of("text", "", "text1", "", "text2", "_2");

  private static final ClipReading PENULTIMATE = new ClipReading(1, false, false);

  @Override
  public boolean reads(GoldenFile golden) {
    return PARTS.containsKey(golden.part());
  }

  @Override
  public List<ParityRow> run(GoldenFile golden, ParitySettings settings) {
    String ending = PARTS.get(golden.part());
    try (GoldenTensors tensors = new GoldenTensors(golden, settings.networkLimit());
        ClipTextEncoder encoder =
            ClipTextEncoder.load(
                golden.component("text_encoder" + ending),
                settings.kernels(),
                settings.computeType());
        ClipTokenizer tokenizer =
            ClipTokenizer.load(
                golden.checkpoint().resolve("tokenizer" + ending), encoder.config().positions())) {
      compare(GoldenTexts.of(golden, tensors), tensors, encoder, tokenizer);
      return tensors.rows();
    }
  }

  private static void compare(
      GoldenTexts texts, GoldenTensors tensors, ClipTextEncoder encoder, ClipTokenizer tokenizer) {
    tensors.judge(
        "input_ids",
        texts.shareOfWrongIds(text -> tokenizer.encode(text, LongPrompt.CUT).chunks().get(0)),
        0);
    List<TextStates> whole = encoder.encode(texts.ids(), ClipReading.WHOLE);
    tensors.compare(
        "last_hidden_state", GoldenTexts.joined(whole.stream().map(TextStates::states).toList()));
    List<TextStates> penultimate = encoder.encode(texts.ids(), PENULTIMATE);
    tensors.compare(
        "penultimate", GoldenTexts.joined(penultimate.stream().map(TextStates::states).toList()));
    tensors.compare(
        encoder.config().widths().projection() > 0 ? "text_embeds" : "pooler_output",
        GoldenTexts.joined(whole.stream().map(TextStates::pooled).toList()));
  }
}
