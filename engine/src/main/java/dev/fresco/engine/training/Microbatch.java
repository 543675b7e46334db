package dev.fresco.engine.training;

import java.util.Arrays;

/**
 * A part of a training batch. Every stage gets it: the first reads the tokens, the last the
 * targets.
 *
 * @param number tells it from others that are under way
 * @param tokens what the model sees
 * @param targets what it should say at each place, mostly the token that follows
 */
public record Microbatch(int number, TokenRows tokens, TokenRows targets) {
  public Microbatch {
    if (tokens.rows() != targets.rows() || tokens.places() != targets.places()) {
      throw new IllegalArgumentException(
          "microbatch %d: %d x %d tokens have %d x %d targets"
              .formatted(number, tokens.rows(), tokens.places(), targets.rows(), targets.places()));
    }
  }

  /**
   * From text: at each place the target is the token that follows.
   *
   * @param sequences at least one, all of the same length, two tokens or more
   */
  public static Microbatch of(int number, int[][] sequences) {
    int places = sequences[0].length - 1;
    int[] tokens = new int[sequences.length * places];
    int[] targets = new int[tokens.length];
    for (int row = 0; row < sequences.length; row++) {
      if (sequences[row].length != places + 1) {
        throw new IllegalArgumentException(
            "microbatch %d: sequences of %s tokens; one length is needed"
                .formatted(number, Arrays.toString(lengths(sequences))));
      }
      System.arraycopy(sequences[row], 0, tokens, row * places, places);
      System.arraycopy(sequences[row], 1, targets, row * places, places);
    }
    return new Microbatch(
        number,
        new TokenRows(sequences.length, places, tokens),
        new TokenRows(sequences.length, places, targets));
  }

  private static int[] lengths(int[][] sequences) {
    return Arrays.stream(sequences).mapToInt(sequence -> sequence.length).toArray();
  }
}
