package dev.fresco.planning.training;

import java.time.Duration;
import java.time.Instant;

/**
 * How often progress is told.
 *
 * <p>Goal: whoever watches sees a job move, and the events of a long job stay few: they are kept
 * for ever. Algorithm: a hundredth of the time that the job has run lies between two, but at least
 * a second and at most half a minute.
 *
 * <p>Example: a job of an hour tells about 460 times, one of a day about 3,200 times.
 */
public final class ProgressPace {
  private static final Duration LEAST = Duration.ofSeconds(1);
  private static final Duration MOST = Duration.ofSeconds(30);

  private ProgressPace() {}

  /**
   * Whether it is time.
   *
   * @param told when progress was told last, or null for never
   */
  public static boolean isDue(Instant started, Instant told, Instant now) {
    if (told == null) {
      return true;
    }
    Duration part = Duration.between(started, now).dividedBy(100);
    Duration pause = part.compareTo(LEAST) < 0 ? LEAST : part.compareTo(MOST) > 0 ? MOST : part;
    return !now.isBefore(told.plus(pause));
  }
}
