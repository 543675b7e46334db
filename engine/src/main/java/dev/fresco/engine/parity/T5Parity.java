package dev.fresco.engine.parity;

import dev.fresco.engine.TextStates;
import dev.fresco.engine.text.T5TextEncoder;
import dev.fresco.engine.text.tokenizer.T5Tokenizer;
import java.util.List;

/** {@code FAMILY.t5}: prompts to tokens, and a T5 encoder's states from given tokens. */
public final class T5Parity implements ParityCheck {

  @Override
  public boolean reads(GoldenFile golden) {
    return golden.part().equals("t5");
  }

  @Override
  public List<ParityRow> run(GoldenFile golden, ParitySettings settings) {
    try (GoldenTensors tensors = new GoldenTensors(golden, settings.networkLimit());
        T5TextEncoder encoder =
            T5TextEncoder.load(
                golden.component("text_encoder_2"), settings.kernels(), settings.computeType())) {
      GoldenTexts texts = GoldenTexts.of(golden, tensors);
      try (T5Tokenizer tokenizer =
          T5Tokenizer.load(golden.checkpoint().resolve("tokenizer_2"), texts.length())) {
        tensors.judge(
            "input_ids", texts.shareOfWrongIds(text -> tokenizer.encodePadded(text).ids()), 0);
      }
      List<TextStates> states = encoder.encode(texts.ids());
      tensors.compare(
          "last_hidden_state",
          GoldenTexts.joined(states.stream().map(TextStates::states).toList()));
      return tensors.rows();
    }
  }
}
