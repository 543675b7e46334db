package dev.fresco.engine.text;

import dev.fresco.engine.TextStates;
import dev.fresco.engine.checkpoint.Component;
import dev.fresco.engine.checkpoint.T5Config;
import dev.fresco.engine.kernel.ComputeType;
import dev.fresco.engine.kernel.KernelLibrary;
import dev.fresco.engine.text.tokenizer.PaddedTokens;
import dev.fresco.engine.text.tokenizer.T5Tokenizer;
import java.nio.file.Path;
import java.util.List;

/** A T5 encoder with its tokenizer: from texts to states. Threads may share it. */
public final class T5Text implements AutoCloseable {
  private final T5Tokenizer tokenizer;
  private final T5TextEncoder encoder;

  /** Owns both from now on. */
  public T5Text(T5Tokenizer tokenizer, T5TextEncoder encoder) {
    this.tokenizer = tokenizer;
    this.encoder = encoder;
  }

  /**
   * Loads both from their folders.
   *
   * @param length of a text in tokens, as the family has it
   * @throws dev.fresco.engine.EngineException naming what is wrong with a folder and where; nothing
   *     stays allocated
   */
  public static T5Text load(
      Path tokenizerFolder,
      int length,
      Component encoderFolder,
      KernelLibrary kernels,
      ComputeType computeType) {
    T5Tokenizer tokenizer = T5Tokenizer.load(tokenizerFolder, length);
    try {
      return new T5Text(tokenizer, T5TextEncoder.load(encoderFolder, kernels, computeType));
    } catch (RuntimeException | Error e) {
      tokenizer.close();
      throw e;
    }
  }

  public T5Config config() {
    return encoder.config();
  }

  /** Tokens of a text, with the end token and padding. */
  public int length() {
    return tokenizer.length();
  }

  PaddedTokens tokens(String text) {
    return tokenizer.encodePadded(text);
  }

  /** One for each text, {@code [tokens, channels]}, in one pass. */
  List<TextStates> encode(List<PaddedTokens> texts) {
    return encoder.encode(texts.stream().map(PaddedTokens::ids).toList());
  }

  @Override
  public void close() {
    tokenizer.close();
    encoder.close();
  }
}
