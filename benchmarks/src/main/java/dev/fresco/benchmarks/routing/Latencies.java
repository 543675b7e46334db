package dev.fresco.benchmarks.routing;

import java.util.Arrays;
import java.util.List;

/** Seconds from coming to done, sorted. */
record Latencies(double[] seconds) {
  /** Of all but the first so many. */
  static Latencies of(List<Simulation.Served> served, int warmUp) {
    return new Latencies(
        served.stream().skip(warmUp).mapToDouble(done -> done.millis() / 1000).sorted().toArray());
  }

  /** Several runs as one. */
  static Latencies all(List<Latencies> runs) {
    return new Latencies(
        runs.stream().flatMapToDouble(run -> Arrays.stream(run.seconds)).sorted().toArray());
  }

  double mean() {
    return Arrays.stream(seconds).average().orElseThrow();
  }

  /** The least that so large a share is not above. */
  double quantile(double share) {
    return seconds[(int) Math.ceil(share * seconds.length) - 1];
  }
}
