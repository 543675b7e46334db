package dev.fresco.engine.training;

/**
 * Sequences of tokens of one length.
 *
 * @param rows sequences
 * @param places tokens of each
 * @param tokens row by row, each from 0 to below the vocabulary; not copied, so hand it over
 */
public record TokenRows(int rows, int places, int[] tokens) {
  public TokenRows {
    if (rows < 1 || places < 1 || (long) rows * places != tokens.length) {
      throw new IllegalArgumentException(
          "%d tokens came for %d rows of %d".formatted(tokens.length, rows, places));
    }
  }

  /**
   * @throws IllegalArgumentException if a sequence is too long or a token unknown
   */
  void requireFit(LanguageModelShape shape) {
    if (places > shape.positions()) {
      throw new IllegalArgumentException(
          "sequences have %d tokens; the model has %d positions"
              .formatted(places, shape.positions()));
    }
    for (int token : tokens) {
      if (token < 0 || token >= shape.vocabulary()) {
        throw new IllegalArgumentException(
            "token %d is not in a vocabulary of %d".formatted(token, shape.vocabulary()));
      }
    }
  }
}
