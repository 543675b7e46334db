package dev.fresco.engine.text.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.fresco.engine.EngineException;
import dev.fresco.engine.Prompt.LongPrompt;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.node.ObjectNode;

/**
 * CLIP's byte-level BPE (arXiv:2103.00020, section 2.4) as a checkpoint's folder defines it: a
 * {@code tokenizer.json}, or {@code vocab.json} and {@code merges.txt}. Any thread may encode at
 * any time; close it when none does.
 */
public final class ClipTokenizer implements AutoCloseable {
  private final HuggingFaceTokenizer tokenizer;
  private final TokenFrame frame;

  private ClipTokenizer(HuggingFaceTokenizer tokenizer, TokenFrame frame) {
    this.tokenizer = tokenizer;
    this.frame = frame;
  }

  /**
   * Reads a tokenizer folder.
   *
   * @param length what the text encoder takes, with start and end; at least 3
   * @throws EngineException if a file is missing or wrong; the message names it
   */
  public static ClipTokenizer load(Path folder, int length) {
    TokenizerFolder files = new TokenizerFolder(folder);
    SpecialTokens.Names names = SpecialTokens.Names.of(files);
    Path ready = folder.resolve("tokenizer.json");
    Path source = Files.exists(ready) ? ready : folder.resolve("vocab.json");
    ObjectNode definition =
        Files.exists(ready)
            ? TokenizerDefinition.read(files)
            : TokenizerDefinition.build(files, names);
    SpecialTokens special = SpecialTokens.of(names, definition, source);
    TokenFrame frame = new TokenFrame(length, special.start(), special.end(), special.padding());
    return new ClipTokenizer(NativeTokenizer.create(definition, source), frame);
  }

  /** Ids of a text of any length, without start and end. */
  public int[] words(String text) {
    return NativeTokenizer.ids(tokenizer, text);
  }

  /** A text as the text encoder takes it. */
  public FramedText encode(String text, LongPrompt longPrompt) {
    return frame.frame(words(text), longPrompt);
  }

  /** What surrounds the words. */
  public TokenFrame frame() {
    return frame;
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
