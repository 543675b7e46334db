package dev.fresco.benchmarks.table;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/** Seconds from coming to done, sorted. */
public record Latencies(double[] seconds) {
  /** In any order. */
  public static Latencies of(DoubleStream seconds) {
    return new Latencies(seconds.sorted().toArray());
  }

  /** Several runs as one. */
  public static Latencies all(List<Latencies> runs) {
    return of(runs.stream().flatMapToDouble(run -> Arrays.stream(run.seconds)));
  }

  public double mean() {
    return Arrays.stream(seconds).average().orElseThrow();
  }

  /** The least that so large a share is not above. */
  public double quantile(double share) {
    return seconds[(int) Math.ceil(share * seconds.length) - 1];
  }
}
