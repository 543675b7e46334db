package dev.fresco.benchmarks.routing;

import dev.fresco.benchmarks.table.Latencies;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * What a policy did with a workload.
 *
 * @param choosingMicros mean time to choose a worker
 * @param rSquared how well workers foresaw their steps, 0 to 1
 */
record PolicyResult(String policy, Latencies latencies, double choosingMicros, double rSquared) {

  /**
   * Runs a workload once for each seed, and takes all requests but the first of each run together.
   *
   * @param warmUp requests of each run that do not count
   * @param seeds 1 to this
   */
  static PolicyResult of(
      Supplier<Policy> policy, Workload workload, Machine machine, int warmUp, int seeds) {
    List<Latencies> runs = new ArrayList<>();
    double micros = 0;
    double rSquared = 0;
    String name = "";
    for (int seed = 1; seed <= seeds; seed++) {
      Policy fresh = policy.get();
      Simulation simulation = new Simulation(fresh, workload.workers(), machine, seed);
      List<Simulation.Served> served = simulation.run(workload.draw(seed));
      runs.add(
          Latencies.of(served.stream().skip(warmUp).mapToDouble(done -> done.millis() / 1000)));
      micros += simulation.choosingMicros() / seeds;
      rSquared += simulation.rSquared() / seeds;
      name = fresh.name();
    }
    return new PolicyResult(name, Latencies.all(runs), micros, rSquared);
  }
}
