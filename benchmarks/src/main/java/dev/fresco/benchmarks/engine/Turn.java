package dev.fresco.benchmarks.engine;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Steps in a row.
 *
 * @param nanoseconds of each
 * @param pageFaults of the process during them; empty where Linux does not tell
 * @param inside of Fresco's
 */
record Turn(long[] nanoseconds, Optional<Long> pageFaults, Optional<EngineShare> inside) {
  /** Several turns, at least one, as if they had been one. */
  static Turn together(List<Turn> turns) {
    return new Turn(
        turns.stream().flatMapToLong(turn -> Arrays.stream(turn.nanoseconds)).toArray(),
        turns.stream().map(Turn::pageFaults).reduce(Turn::sum).orElseThrow(),
        turns.stream().map(Turn::inside).reduce(Turn::sumOfShares).orElseThrow());
  }

  private static Optional<Long> sum(Optional<Long> one, Optional<Long> other) {
    return one.flatMap(faults -> other.map(more -> faults + more));
  }

  private static Optional<EngineShare> sumOfShares(
      Optional<EngineShare> one, Optional<EngineShare> other) {
    return one.flatMap(share -> other.map(share::plus));
  }

  private int steps() {
    return nanoseconds.length;
  }

  /** A step's. */
  Optional<Double> faultsPerStep() {
    return pageFaults.map(faults -> faults / (double) steps());
  }

  /** Share of the time, 0 to 1. */
  Optional<Double> outsideKernels() {
    long total = Arrays.stream(nanoseconds).sum();
    return inside.map(share -> 1 - share.kernelNanoseconds() / (double) total);
  }

  /** A step's. */
  Optional<Double> kernelCalls() {
    return inside.map(share -> share.kernelCalls() / (double) steps());
  }

  /** A step's. */
  Optional<Double> javaBytes() {
    return inside.map(share -> share.javaBytes() / (double) steps());
  }
}
