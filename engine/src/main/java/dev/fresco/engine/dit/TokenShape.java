package dev.fresco.engine.dit;

import dev.fresco.engine.EngineException;

/**
 * The tokens of one picture: words of its text, and places of its latents packed two by two.
 *
 * @param words at least 1
 * @param height places down, at least 1
 * @param width places across, at least 1
 */
public record TokenShape(int words, int height, int width) {
  public TokenShape {
    if (words < 1 || height < 1 || width < 1) {
      throw new EngineException(
          "tokens are %d words and %d x %d places; there must be at least one of each"
              .formatted(words, height, width));
    }
  }

  public int places() {
    return Math.multiplyExact(height, width);
  }

  public int tokens() {
    return Math.addExact(words, places());
  }
}
