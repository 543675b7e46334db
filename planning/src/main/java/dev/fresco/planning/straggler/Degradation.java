package dev.fresco.planning.straggler;

import java.time.Instant;
import java.util.Optional;

/**
 * A stretch of time in which a stage or a link was slower than it is when healthy.
 *
 * @param place the stage or the link
 * @param kind of its operations that were slow
 * @param begin of the first operations that were slow, as far as can be told
 * @param end begin of the first operations that were healthy again; none while it lasts
 * @param healthyMillis of an operation if it were not for this, above 0
 * @param slowMillis of an operation, when its size was last told
 */
public record Degradation(
    String place,
    OperationKind kind,
    Instant begin,
    Optional<Instant> end,
    double healthyMillis,
    double slowMillis) {

  /** What an operation takes longer: of a link, Adaptra's c (arXiv:2504.19232, Equation 1). */
  public double delayMillis() {
    return slowMillis - healthyMillis;
  }

  public boolean isOver() {
    return end.isPresent();
  }

  /** The same, of another size from now on. */
  Degradation sized(double nowHealthyMillis, double nowSlowMillis) {
    return new Degradation(place, kind, begin, end, nowHealthyMillis, nowSlowMillis);
  }

  /** The same, over. */
  Degradation ended(Instant at) {
    Instant last = at.isBefore(begin) ? begin : at;
    return new Degradation(place, kind, begin, Optional.of(last), healthyMillis, slowMillis);
  }
}
