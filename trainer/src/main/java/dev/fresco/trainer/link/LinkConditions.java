package dev.fresco.trainer.link;

import dev.fresco.contracts.Require;
import java.time.Duration;
import java.time.Instant;

/**
 * What an outgoing link is made to look like.
 *
 * @param delays of every message beyond what the real link takes
 * @param start when the delays' second 0 is
 * @param bytesPerSecond that all messages on the link share, over 0; {@link
 *     Double#POSITIVE_INFINITY} for no limit
 */
public record LinkConditions(DelayTrace delays, Instant start, double bytesPerSecond) {
  /** As the real link is. */
  public static final LinkConditions HEALTHY = delayed(Duration.ZERO);

  public LinkConditions {
    Require.present("delays", delays);
    Require.present("start", start);
    if (!(bytesPerSecond > 0)) {
      throw new IllegalArgumentException(
          "bytesPerSecond is " + bytesPerSecond + "; it must be over 0");
    }
  }

  /** The same delay for every message. */
  public static LinkConditions delayed(Duration delay) {
    return replaying(DelayTrace.constant(delay.toNanos() / 1e6), Instant.EPOCH);
  }

  /** Delays that change, replayed from an instant on. */
  public static LinkConditions replaying(DelayTrace delays, Instant start) {
    return new LinkConditions(delays, start, Double.POSITIVE_INFINITY);
  }

  public LinkConditions withBytesPerSecond(double bytes) {
    return new LinkConditions(delays, start, bytes);
  }

  double delayMillisAt(Instant instant) {
    Duration since = Duration.between(start, instant);
    return delays.delayMillisAt(since.getSeconds() + since.getNano() / 1e9);
  }
}
