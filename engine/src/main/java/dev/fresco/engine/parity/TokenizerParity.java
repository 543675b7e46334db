package dev.fresco.engine.parity;

import dev.fresco.engine.text.tokenizer.ClipTokenizer;
import dev.fresco.engine.text.tokenizer.TokenFrame;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/** {@code FOLDER/golden.json}: texts to ids with a CLIP tokenizer, neither cut nor padded. */
public final class TokenizerParity implements ParityCheck {
  /** Of whole texts: the ids of a text are right or wrong. */
  private static final double LIMIT = 0;

  /** What the encoder would take plays no part where nothing is cut. */
  private static final int ANY_LENGTH = 77;

  @Override
  public boolean reads(GoldenFile golden) {
    return golden.path().endsWith("golden.json");
  }

  @Override
  public List<ParityRow> run(GoldenFile golden, ParitySettings settings) {
    JsonNode texts = GoldenJson.object(golden.path());
    try (ClipTokenizer tokenizer = ClipTokenizer.load(golden.checkpoint(), ANY_LENGTH)) {
      int wrong = 0;
      for (Map.Entry<String, JsonNode> text : texts.properties()) {
        wrong += Arrays.equals(ids(tokenizer, text.getKey()), ids(text.getValue())) ? 0 : 1;
      }
      double share = wrong / (double) texts.size();
      return List.of(ParityRow.compared(golden, texts.size() + " texts", share, LIMIT));
    }
  }

  private static int[] ids(ClipTokenizer tokenizer, String text) {
    TokenFrame frame = tokenizer.frame();
    IntStream words = IntStream.of(tokenizer.words(text));
    return IntStream.concat(
            IntStream.concat(IntStream.of(frame.start()), words), IntStream.of(frame.end()))
        .toArray();
  }

  private static int[] ids(JsonNode list) {
    return list.valueStream().mapToInt(JsonNode::asInt).toArray();
  }
}
