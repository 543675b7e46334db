package dev.fresco.engine.text.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.fresco.engine.EngineException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** The tokenizers library, made to give a text's ids and nothing else. */
final class NativeTokenizer {
  /** Cutting and padding are done here: the library's would change what every call returns. */
  private static final Map<String, String> OPTIONS =
      Map.of("truncation", "do_not_truncate", "padding", "do_not_pad", "addSpecialTokens", "false");

  private NativeTokenizer() {}

  /**
   * @param definition as in a {@code tokenizer.json}
   * @param source the file to name where the library refuses it
   */
  static HuggingFaceTokenizer create(ObjectNode definition, Path source) {
    byte[] json = definition.toString().getBytes(StandardCharsets.UTF_8);
    try {
      return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), OPTIONS);
    } catch (IOException | RuntimeException refused) {
      throw new EngineException(
          "tokenizer " + source + " defines no tokenizer: " + refused.getMessage(), refused);
    }
  }

  /** Without special tokens around them. */
  static int[] ids(HuggingFaceTokenizer tokenizer, String text) {
    long[] ids = tokenizer.encode(text, false, false).getIds();
    return Arrays.stream(ids).mapToInt(Math::toIntExact).toArray();
  }
}
