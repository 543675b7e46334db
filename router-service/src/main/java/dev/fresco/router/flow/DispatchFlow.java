package dev.fresco.router.flow;

import dev.fresco.contracts.job.JobAssigned;
import dev.fresco.contracts.job.JobEvent;
import dev.fresco.planning.queue.PendingJob;
import dev.fresco.planning.queue.QueueExit;
import dev.fresco.planning.routing.DispatchPlan;
import dev.fresco.planning.routing.Fleet;
import dev.fresco.planning.routing.Routing;
import dev.fresco.router.kafka.Outbox;
import dev.fresco.router.loop.Pass;
import dev.fresco.router.loop.RouterMeters;
import dev.fresco.router.state.QueuedJob;
import dev.fresco.router.state.RouterState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/**
 * One pass over the queue: who leaves, who goes where; then the sends; then, once Kafka has them,
 * the state. If Kafka does not confirm, the state stays as it was and is in doubt.
 */
@Component
public final class DispatchFlow implements Pass {
  private final RouterState state;
  private final Routing routing;
  private final RecoveryFlow recovery;
  private final Outbox outbox;
  private final RouterMeters meters;
  private final Clock clock;

  public DispatchFlow(
      RouterState state,
      Routing routing,
      RecoveryFlow recovery,
      Outbox outbox,
      RouterMeters meters,
      Clock clock) {
    this.state = state;
    this.routing = routing;
    this.recovery = recovery;
    this.outbox = outbox;
    this.meters = meters;
    this.clock = clock;
  }

  /** Makes the pass, if this router is the one to decide. */
  @Override
  public void run() {
    if (state.isActive()) {
      if (state.inDoubt()) {
        recovery.run();
      }
      try {
        decide(clock.instant());
      } catch (RuntimeException e) {
        // Some of the sends may have got through.
        state.doubt();
        throw e;
      }
    }
    meters.state(state.isActive(), state.queue().size(), state.workers().rSquared());
  }

  private void decide(Instant now) {
    state.prune(now);
    if (state.queue().size() == 0) {
      return;
    }
    announce(now);
    long start = System.nanoTime();
    List<PendingJob> pending = state.queue().pending();
    List<QueueExit> exits = QueueExit.of(pending, state.cancelled(), now);
    List<PendingJob> staying = without(pending, exits);
    Fleet fleet = state.workers().fleet(now);
    DispatchPlan plan = DispatchPlan.of(routing, staying, state.shares(), fleet, now);
    meters.decided(Duration.ofNanos(System.nanoTime() - start));
    List<JobEvent> endings = endings(exits, plan, now);
    endings.forEach(outbox::event);
    plan.bound().forEach(bound -> send(bound, now));
    outbox.await();
    // Only now, or a job would be called assigned that no worker has.
    plan.bound().forEach(bound -> outbox.event(assignedEvent(bound, now)));
    outbox.await();
    apply(plan, endings, now);
  }

  private void announce(Instant now) {
    List<QueuedJob> newcomers =
        state.queue().jobs().stream().filter(queued -> !queued.announced()).toList();
    newcomers.forEach(queued -> outbox.event(new JobEvent.Queued(queued.job().jobId(), now)));
    newcomers.forEach(queued -> state.queue().announced(queued.job().jobId()));
  }

  private static List<PendingJob> without(List<PendingJob> pending, List<QueueExit> exits) {
    List<PendingJob> staying = new ArrayList<>(pending);
    staying.removeAll(exits.stream().map(QueueExit::job).collect(Collectors.toSet()));
    return staying;
  }

  private static List<JobEvent> endings(List<QueueExit> exits, DispatchPlan plan, Instant now) {
    List<JobEvent> endings = new ArrayList<>();
    for (QueueExit exit : exits) {
      String jobId = exit.job().jobId();
      endings.add(
          switch (exit.reason()) {
            case CANCELLED -> new JobEvent.Cancelled(jobId, now, 0);
            case EXPIRED -> new JobEvent.Expired(jobId, now);
          });
    }
    for (DispatchPlan.Refused refused : plan.refused()) {
      endings.add(
          new JobEvent.Failed(
              refused.job().jobId(), now, refused.why().code(), refused.why().message()));
    }
    return endings;
  }

  private void send(DispatchPlan.Bound bound, Instant now) {
    var requested = state.queue().job(bound.job().jobId()).requested();
    outbox.assigned(
        bound.to().partition(),
        new JobAssigned(
            requested.jobId(),
            requested.tenant(),
            bound.to().workerId(),
            requested.createdAt(),
            now,
            requested.request()));
  }

  private static JobEvent assignedEvent(DispatchPlan.Bound bound, Instant now) {
    return new JobEvent.Assigned(bound.job().jobId(), now, bound.to().workerId());
  }

  private void apply(DispatchPlan plan, List<JobEvent> endings, Instant now) {
    state.shares(plan.shares());
    for (DispatchPlan.Bound bound : plan.bound()) {
      PendingJob job = bound.job();
      state.workers().given(bound.to().workerId(), bound.to().given(), job.needs().adapters());
      state.queue().leave(job.jobId(), now);
      meters.assigned(job.priority(), Duration.between(job.createdAt(), now));
    }
    for (JobEvent ending : endings) {
      state.queue().leave(ending.jobId(), now);
      meters.ended(ending.state());
    }
  }
}
