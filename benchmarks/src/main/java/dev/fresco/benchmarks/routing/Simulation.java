package dev.fresco.benchmarks.routing;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * One policy and one workload, from event to event: a request comes, a worker's step ends, or a
 * recording has been fetched.
 *
 * <p>A request that no worker is chosen for waits in one queue for all, first in, first out.
 */
final class Simulation {
  private final Policy policy;
  private final List<SimulatedWorker> workers = new ArrayList<>();
  private final Deque<Workload.Request> queue = new ArrayDeque<>();
  private final PriorityQueue<Turn> turns =
      new PriorityQueue<>(
          Comparator.comparingDouble(Turn::atMillis).thenComparingInt(Turn::worker));
  private final double[] busyUntil;
  private final List<Served> served = new ArrayList<>();
  private double now;
  private long choices;
  private long choosingNanos;

  /** A worker's step ends, or what it waits for is there. */
  private record Turn(double atMillis, int worker) {}

  /** A request and how long it took, from its coming to its last step. */
  record Served(Workload.Request request, double millis) {}

  Simulation(Policy policy, int workers, Machine machine, long seed) {
    this.policy = policy;
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < workers; i++) {
      this.workers.add(new SimulatedWorker(String.format("w%03d", i), machine, random.split()));
    }
    busyUntil = new double[workers];
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
    while (!turns.isEmpty() && turns.peek().atMillis() <= millis) {
      Turn turn = turns.remove();
      now = turn.atMillis();
      if (now >= busyUntil[turn.worker()]) {
        take(turn.worker());
      }
    }
  }

  private void take(int index) {
    List<Workload.Request> done = workers.get(index).endStep();
    done.forEach(request -> served.add(new Served(request, now - request.atMillis())));
    if (!done.isEmpty()) {
      bind();
    }
    startStep(index);
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
      worker.give(queue.remove(), now);
      if (!worker.isStepping()) {
        startStep(chosen);
      }
    }
  }

  private void startStep(int index) {
    SimulatedWorker worker = workers.get(index);
    if (worker.isStepping()) {
      return;
    }
    double millis = worker.startStep(now);
    double next = millis > 0 ? now + millis : worker.nextReadyMillis();
    busyUntil[index] = next;
    if (next < Double.POSITIVE_INFINITY) {
      turns.add(new Turn(next, index));
    } else {
      busyUntil[index] = now;
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
