package dev.fresco.router.api;

import dev.fresco.contracts.worker.ModelCard;
import dev.fresco.planning.queue.FairOrder;
import dev.fresco.planning.queue.PendingJob;
import dev.fresco.planning.routing.Fleet;
import dev.fresco.planning.routing.InFlight;
import dev.fresco.planning.routing.Routing;
import dev.fresco.planning.routing.RoutingDecision;
import dev.fresco.planning.routing.WorkerView;
import dev.fresco.platform.web.FieldProblem;
import dev.fresco.platform.web.ProblemException;
import dev.fresco.router.loop.RouterLoop;
import dev.fresco.router.state.RouterState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The queue for those who run the service. */
@RestController
public class QueueController {
  private static final int MAX_LIMIT = 1000;
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final RouterState state;
  private final RouterLoop loop;
  private final Routing routing;
  private final Clock clock;

  public QueueController(RouterState state, RouterLoop loop, Routing routing, Clock clock) {
    this.state = state;
    this.loop = loop;
    this.routing = routing;
    this.clock = clock;
  }

  /** The first {@code limit} pending jobs and all workers. */
  @GetMapping("/v1/router/queue")
  public QueueView queue(@RequestParam(defaultValue = "100") int limit) {
    if (limit < 0 || limit > MAX_LIMIT) {
      throw ProblemException.invalid(
          List.of(new FieldProblem("limit", limit, MAX_LIMIT, "must be from 0 to " + MAX_LIMIT)));
    }
    try {
      return loop.ask(() -> view(limit)).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw busy();
    } catch (TimeoutException e) {
      throw busy();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the queue could not be read", e.getCause());
    }
  }

  private static ProblemException busy() {
    return ProblemException.unavailable(
        "the router waits for Kafka; try again", Duration.ofSeconds(5));
  }

  private QueueView view(int limit) {
    Instant now = clock.instant();
    Fleet fleet = state.workers().fleet(now);
    List<PendingJob> order = FairOrder.of(state.queue().pending(), state.shares());
    return new QueueView(
        state.isActive(),
        order.size(),
        order.stream().limit(limit).map(job -> pending(job, fleet, now)).toList(),
        fleet.views().stream()
            .sorted(Comparator.comparing(WorkerView::workerId))
            .map(worker -> worker(worker, now))
            .toList());
  }

  private QueueView.Pending pending(PendingJob job, Fleet fleet, Instant now) {
    String waitsFor =
        routing.choose(job, fleet, now) instanceof RoutingDecision.Wait wait
            ? wait.reason().name()
            : null;
    return new QueueView.Pending(
        job.jobId(),
        job.tenant(),
        job.model(),
        job.priority().wireName(),
        job.pictures(),
        job.steps(),
        job.createdAt(),
        job.deadline(),
        waitsFor);
  }

  private QueueView.Worker worker(WorkerView worker, Instant now) {
    var status = worker.status();
    return new QueueView.Worker(
        worker.workerId(),
        routing.isLive(worker, now),
        status.draining(),
        status.models().stream().map(ModelCard::id).toList(),
        status.slots(),
        status.lookAhead(),
        worker.load(),
        worker.room(),
        worker.inFlight().stream().map(InFlight::jobId).toList(),
        status.partitions(),
        status.stepMillis(),
        status.at());
  }
}
