package dev.fresco.benchmarks.routing;

import dev.fresco.planning.cost.StepCost;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * One policy and one workload, from event to event: a request comes, or a worker's step ends.
 *
 * <p>A request that no worker is chosen for waits in one queue for all, first in, first out.
 */
final class Simulation {
  private final Policy policy;
  private final List<SimulatedWorker> workers = new ArrayList<>();
  private final Deque<Workload.Request> queue = new ArrayDeque<>();
  private final PriorityQueue<StepEnd> stepEnds =
      new PriorityQueue<>(
          Comparator.comparingDouble(StepEnd::atMillis).thenComparingInt(StepEnd::worker));
  private final List<Served> served = new ArrayList<>();
  private double now;
  private long choices;
  private long choosingNanos;

  private record StepEnd(double atMillis, int worker) {}

  /** A request and how long it took, from its coming to its last step. */
  record Served(Workload.Request request, double millis) {}

  Simulation(Policy policy, int workers, int slots, StepCost cost, double noise, long seed) {
    this.policy = policy;
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < workers; i++) {
      this.workers.add(
          new SimulatedWorker(String.format("w%03d", i), slots, cost, noise, random.split()));
    }
  }

  /** Serves all requests to their end; returns them in the order in which they came. */
  List<Served> run(List<Workload.Request> requests) {
    for (Workload.Request request : requests) {
      stepUntil(request.atMillis());
      now = request.atMillis();
      queue.add(request);
      bind();
    }
    stepUntil(Double.POSITIVE_INFINITY);
    served.sort(Comparator.comparingDouble(done -> done.request().atMillis()));
    return served;
  }

  private void stepUntil(double millis) {
    while (!stepEnds.isEmpty() && stepEnds.peek().atMillis() <= millis) {
      StepEnd end = stepEnds.remove();
      now = end.atMillis();
      SimulatedWorker worker = workers.get(end.worker());
      List<Workload.Request> done = worker.endStep();
      done.forEach(request -> served.add(new Served(request, now - request.atMillis())));
      if (!done.isEmpty()) {
        bind();
      }
      startStep(end.worker());
    }
  }

  private void bind() {
    while (!queue.isEmpty()) {
      long start = System.nanoTime();
      int chosen = policy.choose(queue.peek(), workers, now);
      choosingNanos += System.nanoTime() - start;
      choices++;
      if (chosen < 0) {
        return;
      }
      SimulatedWorker worker = workers.get(chosen);
      worker.give(queue.remove());
      if (worker.isIdle()) {
        startStep(chosen);
      }
    }
  }

  private void startStep(int worker) {
    double millis = workers.get(worker).startStep();
    if (millis > 0) {
      stepEnds.add(new StepEnd(now + millis, worker));
    }
  }

  /** Mean time to choose a worker, in microseconds. */
  double choosingMicros() {
    return choosingNanos / 1e3 / choices;
  }

  /** How well the workers foresee their steps: the mean of all. */
  double rSquared() {
    return workers.stream().mapToDouble(SimulatedWorker::rSquared).average().orElse(0);
  }
}
