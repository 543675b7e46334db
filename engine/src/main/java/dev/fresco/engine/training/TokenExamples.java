package dev.fresco.engine.training;

import java.util.Arrays;

/**
 * Sequences for a language model.
 *
 * @param tokens what the model sees
 * @param targets what it should say at each place, mostly the token that follows
 */
public record TokenExamples(TokenRows tokens, TokenRows targets) implements Examples {
  public TokenExamples {
    if (tokens.rows() != targets.rows() || tokens.places() != targets.places()) {
      throw new IllegalArgumentException(
          "%d x %d tokens have %d x %d targets"
              .formatted(tokens.rows(), tokens.places(), targets.rows(), targets.places()));
    }
  }

  /**
   * From text: at each place the target is the token that follows.
   *
   * @param sequences at least one, all of the same length, two tokens or more
   */
  public static TokenExamples of(int[][] sequences) {
    int places = sequences[0].length - 1;
    int[] tokens = new int[sequences.length * places];
    int[] targets = new int[tokens.length];
    for (int row = 0; row < sequences.length; row++) {
      if (sequences[row].length != places + 1) {
        throw new IllegalArgumentException(
            "sequences of %s tokens; one length is needed"
                .formatted(Arrays.toString(lengths(sequences))));
      }
      System.arraycopy(sequences[row], 0, tokens, row * places, places);
      System.arraycopy(sequences[row], 1, targets, row * places, places);
    }
    return new TokenExamples(
        new TokenRows(sequences.length, places, tokens),
        new TokenRows(sequences.length, places, targets));
  }

  private static int[] lengths(int[][] sequences) {
    return Arrays.stream(sequences).mapToInt(sequence -> sequence.length).toArray();
  }

  @Override
  public int rows() {
    return tokens.rows();
  }

  @Override
  public int places(ModelShape shape) {
    if (!(shape instanceof LanguageModelShape model)) {
      throw new IllegalArgumentException("tokens came for " + shape);
    }
    tokens.requireFit(model);
    targets.requireFit(model);
    return tokens.places();
  }
}
