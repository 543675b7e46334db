package dev.fresco.benchmarks.routing;

import dev.fresco.planning.routing.Fleet;
import dev.fresco.planning.routing.Routing;
import dev.fresco.planning.routing.RoutingDecision;
import dev.fresco.planning.routing.WorkerView;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * The policies that are compared. All but the last bind a request as it comes, as load balancers
 * do, or all are made to wait for room as the last does.
 */
final class Policies {
  private Policies() {}

  /** One worker after the other. */
  static final class RoundRobin implements Policy {
    private int next;

    @Override
    public String name() {
      return "round-robin";
    }

    @Override
    public int choose(Workload.Request request, List<SimulatedWorker> workers, double atMillis) {
      next = (next + 1) % workers.size();
      return next;
    }
  }

  /** The least of something; ties go to the first. */
  record Least(String name, ToDoubleFunction<SimulatedWorker> measure) implements Policy {
    @Override
    public int choose(Workload.Request request, List<SimulatedWorker> workers, double atMillis) {
      int best = 0;
      double least = Double.POSITIVE_INFINITY;
      for (int i = 0; i < workers.size(); i++) {
        double measured = measure.applyAsDouble(workers.get(i));
        if (measured < least) {
          best = i;
          least = measured;
        }
      }
      return best;
    }
  }

  /** What the router does: {@link Routing}, for workers with room. */
  static final class MaskAware implements Policy {
    private final Routing routing;

    MaskAware(Duration fetchTime) {
      routing = new Routing(Duration.ofSeconds(10), Duration.ofSeconds(60), fetchTime);
    }

    @Override
    public String name() {
      return "mask-aware";
    }

    @Override
    public int choose(Workload.Request request, List<SimulatedWorker> workers, double atMillis) {
      Map<String, WorkerView> views = new HashMap<>();
      Map<String, Integer> indexes = new HashMap<>();
      for (int i = 0; i < workers.size(); i++) {
        WorkerView view = workers.get(i).view(atMillis);
        views.put(view.workerId(), view);
        indexes.put(view.workerId(), i);
      }
      RoutingDecision decision =
          routing.choose(
              request.job(), new Fleet(views, Set.of(Workload.MODEL)), Workload.time(atMillis));
      return decision instanceof RoutingDecision.Assign to ? indexes.get(to.workerId()) : -1;
    }
  }

  /** Binds only where there is room: among such workers, the least of something. */
  record LeastWithRoom(String name, ToDoubleFunction<SimulatedWorker> measure, int slots)
      implements Policy {
    @Override
    public int choose(Workload.Request request, List<SimulatedWorker> workers, double atMillis) {
      ToDoubleFunction<SimulatedWorker> withRoom =
          worker ->
              worker.requests() < slots ? measure.applyAsDouble(worker) : Double.POSITIVE_INFINITY;
      return workers.stream().allMatch(worker -> worker.requests() >= slots)
          ? -1
          : new Least(name, withRoom).choose(request, workers, atMillis);
    }
  }

  /**
   * Each once, as it starts; they remember.
   *
   * @param late whether all of them bind only where there is room; round-robin never does
   */
  static List<Policy> all(Machine machine, boolean late) {
    return List.of(
        new RoundRobin(),
        least("by request count", SimulatedWorker::requests, machine, late),
        least("by token count", SimulatedWorker::tokens, machine, late),
        new MaskAware(Duration.ofMillis(Math.round(machine.fetchMillis()))));
  }

  private static Policy least(
      String name, ToDoubleFunction<SimulatedWorker> measure, Machine machine, boolean late) {
    return late ? new LeastWithRoom(name, measure, machine.slots()) : new Least(name, measure);
  }
}
