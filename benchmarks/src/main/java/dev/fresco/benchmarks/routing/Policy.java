package dev.fresco.benchmarks.routing;

import java.util.List;

/** How a worker is chosen for a request. */
interface Policy {
  /** In the table. */
  String name();

  /** The index of the worker, or -1 if the request is to wait until a request somewhere is done. */
  int choose(Workload.Request request, List<SimulatedWorker> workers, double atMillis);
}
