package dev.fresco.benchmarks.cacheload;

import dev.fresco.planning.cacheload.ExactLoading;
import dev.fresco.planning.cacheload.GreedyLoading;
import java.util.Arrays;
import java.util.List;

/**
 * How the greedy plan compares over many cases.
 *
 * @param meanExcess of the greedy plan over the exact one, .1 for a tenth longer
 * @param worstExcess the largest of them
 * @param optimal share of cases where both last equally long
 * @param medianMicros of finding the exact plan
 * @param longestMicros the slowest of them
 */
record RandomCases(
    String name,
    int cases,
    double meanExcess,
    double worstExcess,
    double optimal,
    double medianMicros,
    double longestMicros) {

  /** Another process may stop a try: of so many, the shortest counts. */
  private static final int TRIES = 5;

  static RandomCases of(List<LoadingCase> cases) {
    double[] excess = new double[cases.size()];
    double[] micros = new double[cases.size()];
    Arrays.fill(micros, Double.POSITIVE_INFINITY);
    for (int round = 0; round < TRIES; round++) {
      for (int i = 0; i < excess.length; i++) {
        LoadingCase each = cases.get(i);
        long start = System.nanoTime();
        double exact = ExactLoading.plan(each.layers()).makespanMillis();
        micros[i] = Math.min(micros[i], (System.nanoTime() - start) / 1e3);
        excess[i] = GreedyLoading.plan(each.layers()).makespanMillis() / exact - 1;
      }
    }
    Arrays.sort(micros);
    return new RandomCases(
        cases.get(0).name(),
        excess.length,
        Arrays.stream(excess).average().orElseThrow(),
        Arrays.stream(excess).max().orElseThrow(),
        Arrays.stream(excess).filter(more -> more < 1e-9).count() / (double) excess.length,
        micros[micros.length / 2],
        micros[micros.length - 1]);
  }
}
