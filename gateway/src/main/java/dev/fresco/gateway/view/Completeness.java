package dev.fresco.gateway.view;

import dev.fresco.platform.web.ProblemException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.KafkaException;
import org.springframework.stereotype.Component;

/**
 * Whether every request that Kafka holds is in the views, so that what is not found there does not
 * exist.
 *
 * <p>Goal: no second job for a key, and no 404 for an accepted job, while an emptied Redis is being
 * filled again. Algorithm: the offsets that Redis was last seen with are kept here. If it knows
 * less than that, it has lost something; then, as at the start, Kafka is asked once how far its log
 * reaches, and the views are complete again when the offsets have come there. Each call compares,
 * so there is no time between a loss and its discovery. A log that is empty, or read to its end, is
 * complete at once.
 *
 * <p>Requests only: the topic of events has records of transactions between the events, so that no
 * reader's offset need ever reach its end.
 */
@Component
public class Completeness {
  private static final Logger log = LoggerFactory.getLogger(Completeness.class);
  private static final Duration TRY_AGAIN = Duration.ofSeconds(1);
  private static final String REBUILT = "the views are being rebuilt";
  private static final long LOOK_AGAIN_MILLIS = 20;

  private final ViewWriter views;
  private final RequestLog requests;

  /** The offsets that must be reached; null if Kafka is to be asked for them. */
  private Map<String, Long> due;

  /** Whether {@link #due} was reached since it was asked for. */
  private boolean reached;

  /** When Kafka last failed to answer, in nanoseconds. */
  private long silentSince = System.nanoTime() - TRY_AGAIN.toNanos();

  Completeness(ViewWriter views, RequestLog requests) {
    this.views = views;
    this.requests = requests;
  }

  /** Redis has lost something, says a reader. */
  public synchronized void lost() {
    due = null;
  }

  /** Whether all requests that the log held at the start or at the last loss are there. */
  public synchronized boolean isComplete() {
    Map<String, Long> stored = views.offsets();
    boolean knowsLess = due != null && reached && isBehind(stored, due);
    if (due == null || knowsLess) {
      reached = false;
      due = ends();
    }
    if (due == null || isBehind(stored, due)) {
      return false;
    }
    reached = true;
    due = furthest(due, stored);
    return true;
  }

  /** Null if Kafka does not answer; then it is not asked again by every call at once. */
  private synchronized Map<String, Long> ends() {
    if (System.nanoTime() - silentSince < TRY_AGAIN.toNanos()) {
      return null;
    }
    try {
      return requests.ends();
    } catch (KafkaException e) {
      log.warn("Kafka does not say how far the requests reach; taking the views for incomplete", e);
      silentSince = System.nanoTime();
      return null;
    }
  }

  private static boolean isBehind(Map<String, Long> stored, Map<String, Long> due) {
    return due.entrySet().stream()
        .anyMatch(end -> stored.getOrDefault(end.getKey(), 0L) < end.getValue());
  }

  private static Map<String, Long> furthest(Map<String, Long> due, Map<String, Long> stored) {
    Map<String, Long> all = new HashMap<>(due);
    stored.forEach((partition, next) -> all.merge(partition, next, Math::max));
    return all;
  }

  /**
   * @throws ProblemException 503 unless {@link #isComplete()}
   */
  public void require() {
    if (!isComplete()) {
      throw ProblemException.unavailable(REBUILT, TRY_AGAIN);
    }
  }

  /**
   * Waits until the views hold every request that Kafka holds now.
   *
   * @throws ProblemException 503 if that takes longer than {@code limit}, or if the views are not
   *     even {@linkplain #isComplete() complete} to begin with
   */
  public void awaitLatest(Duration limit) {
    require();
    Map<String, Long> latest = ends();
    long end = System.nanoTime() + limit.toNanos();
    while (latest == null || isBehind(views.offsets(), latest)) {
      if (latest == null || System.nanoTime() > end) {
        throw ProblemException.unavailable(REBUILT, TRY_AGAIN);
      }
      try {
        Thread.sleep(LOOK_AGAIN_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw ProblemException.unavailable("the gateway is stopping", TRY_AGAIN);
      }
    }
  }
}
