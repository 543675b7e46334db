package dev.fresco.engine.text.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.fresco.engine.EngineException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/**
 * CLIP's byte-level BPE (arXiv:2103.00020, section 2.4) as a checkpoint's folder defines it: a
 * {@code tokenizer.json}, or {@code vocab.json} and {@code merges.txt}. Any thread may encode at
 * any time; close it when none does.
 */
public final class ClipTokenizer implements AutoCloseable {
  /** Cutting and padding are done here: the library's would change what every call returns. */
  private static final Map<String, String> OPTIONS =
      Map.of("truncation", "do_not_truncate", "padding", "do_not_pad", "addSpecialTokens", "false");

  private final HuggingFaceTokenizer tokenizer;
  private final SpecialTokens special;
  private final int maxTokens;

  private ClipTokenizer(HuggingFaceTokenizer tokenizer, SpecialTokens special, int maxTokens) {
    this.tokenizer = tokenizer;
    this.special = special;
    this.maxTokens = maxTokens;
  }

  /**
   * Reads a tokenizer folder.
   *
   * @param maxTokens what the text encoder takes, with start and end; at least 2
   * @throws EngineException if a file is missing or wrong; the message names it
   */
  public static ClipTokenizer load(Path folder, int maxTokens) {
    if (maxTokens < 2) {
      throw new EngineException(
          "maxTokens is " + maxTokens + "; start and end of a text need at least 2");
    }
    TokenizerFolder files = new TokenizerFolder(folder);
    SpecialTokens.Names names = SpecialTokens.Names.of(files);
    Path ready = folder.resolve("tokenizer.json");
    Path source = Files.exists(ready) ? ready : folder.resolve("vocab.json");
    ObjectNode definition =
        Files.exists(ready)
            ? TokenizerDefinition.read(files)
            : TokenizerDefinition.build(files, names);
    SpecialTokens special = SpecialTokens.of(names, definition, source);
    return new ClipTokenizer(create(definition, source), special, maxTokens);
  }

  /** Ids of a text of any length, with start and end, neither cut nor padded. */
  public long[] encode(String text) {
    long[] words = tokenizer.encode(text, false, false).getIds();
    long[] ids = new long[words.length + 2];
    ids[0] = special.start();
    System.arraycopy(words, 0, ids, 1, words.length);
    ids[ids.length - 1] = special.end();
    return ids;
  }

  /** As many ids as the text encoder takes; of a longer text the end is cut off. */
  public PaddedTokens encodePadded(String text) {
    long[] ids = encode(text);
    long[] padded = Arrays.copyOf(ids, maxTokens);
    boolean truncated = ids.length > maxTokens;
    if (truncated) {
      padded[maxTokens - 1] = special.end();
    } else {
      Arrays.fill(padded, ids.length, maxTokens, special.padding());
    }
    return new PaddedTokens(padded, truncated);
  }

  /** How many ids {@link #encodePadded} gives. */
  public int maxTokens() {
    return maxTokens;
  }

  /** Id of the end of a text, whose place is where pooled encoders look. */
  public long endToken() {
    return special.end();
  }

  @Override
  public void close() {
    tokenizer.close();
  }

  private static HuggingFaceTokenizer create(ObjectNode definition, Path source) {
    byte[] json = definition.toString().getBytes(StandardCharsets.UTF_8);
    try {
      return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), OPTIONS);
    } catch (IOException | RuntimeException refused) {
      throw new EngineException(
          "tokenizer " + source + " defines no tokenizer: " + refused.getMessage(), refused);
    }
  }
}
