package dev.fresco.engine.text.tokenizer;

/**
 * A text as a text encoder takes it.
 *
 * @param ids as many as the encoder takes; not copied
 * @param truncated whether the end of the text was cut off
 */
public record PaddedTokens(int[] ids, boolean truncated) {}
