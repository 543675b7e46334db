package dev.fresco.router.loop;

import dev.fresco.contracts.job.JobState;
import dev.fresco.contracts.job.Priority;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.stereotype.Component;

/** What the router counts. Tags are priorities and states only. */
@Component
public final class RouterMeters {
  private final AtomicInteger pending = new AtomicInteger();
  private final AtomicInteger active = new AtomicInteger();
  private final AtomicReference<Double> foreseen = new AtomicReference<>(0.0);
  private final Counter assignments;
  private final Timer decision;
  private final Map<Priority, Timer> waiting = new EnumMap<>(Priority.class);
  private final Map<JobState, Counter> ended = new EnumMap<>(JobState.class);

  public RouterMeters(MeterRegistry registry) {
    Gauge.builder("fresco.router.pending", pending, AtomicInteger::get)
        .description("Jobs that no worker has yet")
        .register(registry);
    Gauge.builder("fresco.router.active", active, AtomicInteger::get)
        .description("1 while this router decides, 0 while it stands by")
        .register(registry);
    Gauge.builder("fresco.router.step.r.squared", foreseen, AtomicReference::get)
        .description("Share of the variance of workers' step times that is foreseen, 0 to 1")
        .register(registry);
    assignments =
        Counter.builder("fresco.router.assignments")
            .description("Jobs given to workers")
            .register(registry);
    decision =
        Timer.builder("fresco.router.decision")
            .description("Time to decide one pass over the queue, without sends")
            .publishPercentileHistogram()
            .register(registry);
    for (Priority priority : Priority.values()) {
      waiting.put(priority, waitingTimer(registry, priority));
    }
    // The router ends no job as succeeded; an expired one counts as fresco_router_expired_total.
    ended.put(JobState.EXPIRED, endedCounter(registry, "expired", "Deadline passed in the queue"));
    ended.put(JobState.CANCELLED, endedCounter(registry, "cancelled", "Cancelled in the queue"));
    ended.put(JobState.FAILED, endedCounter(registry, "refused", "Model that nobody serves"));
  }

  private static Timer waitingTimer(MeterRegistry registry, Priority priority) {
    return Timer.builder("fresco.router.waiting")
        .description("From acceptance to assignment")
        .tag("priority", priority.wireName())
        .publishPercentileHistogram()
        .register(registry);
  }

  private static Counter endedCounter(MeterRegistry registry, String name, String description) {
    return Counter.builder("fresco.router." + name).description(description).register(registry);
  }

  public void state(boolean isActive, int pendingJobs, double rSquared) {
    foreseen.set(rSquared);
    active.set(isActive ? 1 : 0);
    pending.set(pendingJobs);
  }

  public void decided(Duration took) {
    decision.record(took);
  }

  public void assigned(Priority priority, Duration waited) {
    assignments.increment();
    waiting.get(priority).record(waited.isNegative() ? Duration.ZERO : waited);
  }

  /** A job ended here. */
  public void ended(JobState state) {
    ended.get(state).increment();
  }
}
