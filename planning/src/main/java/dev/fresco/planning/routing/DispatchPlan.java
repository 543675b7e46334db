package dev.fresco.planning.routing;

import dev.fresco.planning.queue.FairOrder;
import dev.fresco.planning.queue.FairShares;
import dev.fresco.planning.queue.PendingJob;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one pass over the queue decides.
 *
 * <p>Goal: bind every job that can go now, in the fair order.
 *
 * <p>Constraints: a job that waits for its model does not hold up jobs of other models; small jobs
 * do not overtake a large one for ever.
 *
 * <p>Algorithm: jobs whose model is closed are left out, the others are walked in {@link
 * FairOrder}. Each binding fills its worker for those behind. A job that fits nowhere reserves the
 * worker where it would end first: nobody behind it may go there in this pass. The time until that
 * worker is free only shrinks from pass to pass, so the job's turn comes.
 *
 * <p>Example: one worker with 4 slots and 3 pictures in its batch; the queue is a job of 4 pictures
 * and a job of 1. The first fits nowhere and reserves the worker; the second waits too.
 *
 * @param shares what tenants have had after this plan
 */
public record DispatchPlan(List<Bound> bound, List<Refused> refused, FairShares shares) {
  public DispatchPlan {
    bound = List.copyOf(bound);
    refused = List.copyOf(refused);
  }

  /** A job and the worker that gets it. */
  public record Bound(PendingJob job, RoutingDecision.Assign to) {}

  /** A job that cannot be done, and why. */
  public record Refused(PendingJob job, RoutingDecision.Refuse why) {}

  public static DispatchPlan of(
      Routing routing,
      Collection<PendingJob> pending,
      FairShares shares,
      Fleet fleet,
      Instant now) {
    Pass pass = new Pass(routing, fleet, shares, now);
    pending.stream()
        .filter(job -> !fleet.announcedModels().contains(job.model()))
        .forEach(pass::decide);
    FairOrder.of(pending.stream().filter(pass::mayGo).toList(), shares)
        .forEach(pass::bindIfModelIsOpen);
    return new DispatchPlan(pass.bound, pass.refused, pass.shares.keeping(pass.waitingForRoom));
  }

  private static final class Pass {
    private final Routing routing;
    private final Instant now;
    private final List<Bound> bound = new ArrayList<>();
    private final List<Refused> refused = new ArrayList<>();
    private final Set<String> waitingForRoom = new HashSet<>();

    /** Rooms only shrink during a pass, so a model that is closed stays so. */
    private final Map<String, Optional<WaitReason>> closed = new HashMap<>();

    private Fleet fleet;
    private FairShares shares;

    Pass(Routing routing, Fleet fleet, FairShares shares, Instant now) {
      this.routing = routing;
      this.fleet = fleet;
      this.shares = shares;
      this.now = now;
    }

    boolean mayGo(PendingJob job) {
      Optional<WaitReason> reason =
          closed.computeIfAbsent(job.model(), model -> routing.closed(model, fleet, now));
      if (reason.filter(WaitReason.NO_ROOM::equals).isPresent()) {
        waitingForRoom.add(job.tenant());
      }
      return reason.isEmpty();
    }

    void bindIfModelIsOpen(PendingJob job) {
      if (mayGo(job)) {
        decide(job);
      }
    }

    void decide(PendingJob job) {
      RoutingDecision decision = routing.choose(job, fleet, now);
      if (decision instanceof RoutingDecision.Assign to) {
        bound.add(new Bound(job, to));
        shares = shares.served(job);
        change(fleet.worker(to.workerId()).given(to.given()));
      } else if (decision instanceof RoutingDecision.Refuse why) {
        refused.add(new Refused(job, why));
      } else if (decision instanceof RoutingDecision.Wait wait
          && wait.reason() == WaitReason.NO_ROOM) {
        waitingForRoom.add(job.tenant());
        routing.soonest(job, fleet, now).map(WorkerView::reserve).ifPresent(this::change);
      }
    }

    private void change(WorkerView worker) {
      fleet = fleet.with(worker);
      if (!worker.isOpen()) {
        closed.values().removeIf(Optional::isEmpty);
      }
    }
  }
}
