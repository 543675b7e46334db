package dev.fresco.planning.straggler;

import dev.fresco.contracts.Require;
import java.time.Instant;

/**
 * One operation that was timed, or the mean of those of one iteration. Waits are no part of it: the
 * barrier at the end of an iteration makes all stages equally slow and hides the culprit.
 *
 * @param place the stage or the link, for example {@code link 2}
 * @param at when it began, by a clock that does not go back; it tells the samples of one place and
 *     kind apart
 * @param millis that it took, at least 0
 */
public record Sample(String place, OperationKind kind, Instant at, double millis) {
  public Sample {
    Require.text("place", place);
    Require.present("kind of " + place, kind);
    Require.present("at of " + place, at);
    if (!(millis >= 0) || Double.isInfinite(millis)) {
      throw new IllegalArgumentException(
          "millis of " + place + " is " + millis + "; the least is 0, and it must be finite");
    }
  }
}
