package dev.fresco.engine.training;

/**
 * A part of a training batch. Every stage gets it: the first reads what the model sees, the last
 * what it should say.
 *
 * @param number tells it from others that are under way
 */
public record Microbatch(int number, Examples examples) {
  /**
   * From text: at each place the target is the token that follows.
   *
   * @param sequences at least one, all of the same length, two tokens or more
   */
  public static Microbatch of(int number, int[][] sequences) {
    return new Microbatch(number, TokenExamples.of(sequences));
  }
}
