package dev.fresco.engine.text.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.fresco.engine.EngineException;
import java.nio.file.Path;
import java.util.Arrays;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * T5's unigram tokenizer as a checkpoint's {@code tokenizer.json} defines it; transformers' {@code
 * T5TokenizerFast}. Any thread may encode at any time; close it when none does.
 */
public final class T5Tokenizer implements AutoCloseable {
  private static final String FILE = "tokenizer.json";
  private static final String END = "</s>";
  private static final String PADDING = "<pad>";

  private final HuggingFaceTokenizer tokenizer;
  private final int length;
  private final int end;
  private final int padding;

  private T5Tokenizer(HuggingFaceTokenizer tokenizer, int length, int end, int padding) {
    this.tokenizer = tokenizer;
    this.length = length;
    this.end = end;
    this.padding = padding;
  }

  /**
   * Reads a tokenizer folder.
   *
   * @param length what the family takes, with the end token; the folder's own {@code
   *     model_max_length} counts where it is less
   * @throws EngineException if a file is missing or wrong; the message names it
   */
  public static T5Tokenizer load(Path folder, int length) {
    TokenizerFolder files = new TokenizerFolder(folder);
    Path source = folder.resolve(FILE);
    ObjectNode definition = TokenizerDefinition.read(files);
    int end =
        SpecialTokens.id(
            SpecialTokens.name(files, "eos_token", END), "eos_token", definition, source);
    int padding =
        SpecialTokens.id(
            SpecialTokens.name(files, "pad_token", PADDING), "pad_token", definition, source);
    int least = Math.min(length, ownLength(files));
    if (least < 2) {
      throw new EngineException(
          "tokenizer folder %s: texts of %d tokens; a word and the end need at least 2"
              .formatted(folder, least));
    }
    return new T5Tokenizer(NativeTokenizer.create(definition, source), least, end, padding);
  }

  /** Ids of a text of any length, with the end token, neither cut nor padded. */
  public int[] encode(String text) {
    int[] words = NativeTokenizer.ids(tokenizer, text);
    int[] ids = Arrays.copyOf(words, words.length + 1);
    ids[words.length] = end;
    return ids;
  }

  /** As many ids as texts have; of a longer text the end is cut off, but not the end token. */
  public PaddedTokens encodePadded(String text) {
    int[] ids = encode(text);
    int[] padded = Arrays.copyOf(ids, length);
    if (ids.length > length) {
      padded[length - 1] = end;
    } else {
      Arrays.fill(padded, ids.length, length, padding);
    }
    return new PaddedTokens(padded, ids.length > length);
  }

  /** How many ids {@link #encodePadded} gives. */
  public int length() {
    return length;
  }

  @Override
  public void close() {
    tokenizer.close();
  }

  /** Files that know no limit hold a number beyond all others. */
  private static int ownLength(TokenizerFolder files) {
    JsonNode limit =
        files
            .optionalObject("tokenizer_config.json")
            .map(config -> config.path("model_max_length"))
            .filter(JsonNode::isNumber)
            .orElse(null);
    return limit == null
        ? Integer.MAX_VALUE
        : (int) Math.min(limit.doubleValue(), Integer.MAX_VALUE);
  }
}
