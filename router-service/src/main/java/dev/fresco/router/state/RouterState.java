package dev.fresco.router.state;

import dev.fresco.planning.queue.FairShares;
import dev.fresco.router.config.RouterSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * Everything that the router knows. Only the thread of the loop touches it.
 *
 * <p>It is <em>active</em> while it owns the partition of requests, and <em>in doubt</em> while
 * Kafka may hold decisions that it does not know of: after a takeover, and after a send whose
 * outcome is unknown. In doubt nothing is decided.
 */
@Component
public final class RouterState {
  /** As long as {@code fresco.jobs.cancelled} is kept. */
  private static final Duration CANCEL_MEMORY = Duration.ofDays(1);

  private final JobQueue queue = new JobQueue();
  private final WorkerBoard workers;
  private final Map<String, Instant> cancelled = new LinkedHashMap<>();
  private final Map<String, Double> weights;
  private FairShares shares;
  private boolean active;
  private boolean doubt;

  public RouterState(RouterSettings settings) {
    workers = new WorkerBoard(settings.modelMemory());
    weights = settings.tenantWeights();
    shares = FairShares.initial(weights);
  }

  /** This router decides from now on; requests follow from the given offset. */
  public void takeOver(long offset) {
    forget(offset);
    active = true;
    doubt = true;
  }

  /** Another router may decide from now on. */
  public void handOver() {
    forget(0);
    active = false;
    doubt = false;
  }

  private void forget(long offset) {
    queue.start(offset);
    workers.forgetGiven();
    cancelled.clear();
    shares = FairShares.initial(weights);
  }

  /** A send's outcome is unknown: Kafka must be read before anything else is decided. */
  public void doubt() {
    doubt = active;
  }

  public void doubtResolved() {
    doubt = false;
  }

  public void cancel(String jobId, Instant now) {
    cancelled.putIfAbsent(jobId, now);
  }

  /** Drops what has been remembered long enough. */
  public void prune(Instant now) {
    queue.prune(now);
    var oldest = cancelled.values().iterator();
    while (oldest.hasNext() && oldest.next().plus(CANCEL_MEMORY).isBefore(now)) {
      oldest.remove();
    }
  }

  public boolean isActive() {
    return active;
  }

  public boolean inDoubt() {
    return doubt;
  }

  public JobQueue queue() {
    return queue;
  }

  public WorkerBoard workers() {
    return workers;
  }

  public Set<String> cancelled() {
    return Collections.unmodifiableSet(cancelled.keySet());
  }

  public FairShares shares() {
    return shares;
  }

  public void shares(FairShares shares) {
    this.shares = shares;
  }
}
