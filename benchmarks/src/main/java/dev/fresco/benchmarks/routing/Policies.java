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

/** The policies that are compared. */
final class Policies {
  private static final Routing ROUTING =
      new Routing(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(1));

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
          ROUTING.choose(
              request.job(), new Fleet(views, Set.of(Workload.MODEL)), Workload.time(atMillis));
      return decision instanceof RoutingDecision.Assign to ? indexes.get(to.workerId()) : -1;
    }
  }

  static List<Policy> all() {
    return List.of(
        new RoundRobin(),
        new Least("by request count", SimulatedWorker::requests),
        new Least("by token count", SimulatedWorker::tokens),
        new MaskAware());
  }
}
