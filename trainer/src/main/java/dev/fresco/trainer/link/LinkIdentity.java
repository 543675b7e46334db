package dev.fresco.trainer.link;

import dev.fresco.contracts.Require;

/**
 * Who a stage is, told to the others when a connection opens.
 *
 * @param job whose stages these are
 * @param replica of the model, from 0
 * @param attempt from 0; one more each time training starts again from a checkpoint, so that no
 *     message of an attempt reaches the next
 * @param stage from 0
 * @param token a secret that all stages of the job share. It keeps strangers and mix-ups out; it is
 *     sent as it is, so it is no protection on a network where others listen
 */
public record LinkIdentity(String job, int replica, int attempt, int stage, String token) {
  private static final int MOST_CHARACTERS = 256;

  public LinkIdentity {
    requireShort("job", Require.text("job", job));
    Require.atLeast("replica", replica, 0);
    Require.atLeast("attempt", attempt, 0);
    Require.atLeast("stage", stage, 0);
    requireShort("token", Require.text("token", token));
  }

  private static void requireShort(String field, String text) {
    if (text.length() > MOST_CHARACTERS) {
      throw new IllegalArgumentException(
          field + " has " + text.length() + " characters; the most are " + MOST_CHARACTERS);
    }
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "stage " + stage + " of replica " + replica + " of job " + job + ", attempt " + attempt;
  }
}
