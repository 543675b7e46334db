package dev.fresco.engine;

/**
 * What a request says to the text encoders.
 *
 * @param text what to paint
 * @param negative what to stay away from; empty for nothing
 * @param second text for the second encoder of families that have two; null or empty for the same
 * @param secondNegative likewise
 * @param clipSkip layers of a CLIP encoder to leave out at its end, beside those that the family
 *     leaves out by itself
 * @param longPrompt what happens to a text over the encoder's limit
 */
public record Prompt(
    String text,
    String negative,
    String second,
    String secondNegative,
    int clipSkip,
    LongPrompt longPrompt) {

  /** What happens to a text over the encoder's limit. */
  public enum LongPrompt {
    /** Its end is left out. */
    CUT,
    /** It is encoded in chunks of the limit. */
    CHUNK
  }

  public Prompt {
    if (clipSkip < 0) {
      throw new EngineException("clipSkip is " + clipSkip + "; it must be 0 or more");
    }
  }

  /** A prompt with all else as the family has it. */
  public static Prompt of(String text, String negative) {
    return new Prompt(text, negative, null, null, 0, LongPrompt.CUT);
  }

  public String secondOrText() {
    return second == null || second.isEmpty() ? text : second;
  }

  public String secondNegativeOrNegative() {
    return secondNegative == null || secondNegative.isEmpty() ? negative : secondNegative;
  }
}
