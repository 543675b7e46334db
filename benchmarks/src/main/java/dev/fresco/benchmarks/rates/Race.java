package dev.fresco.benchmarks.rates;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Finds the fastest of several ways to do one thing, without spending time on those that are far
 * behind: every way runs once untimed and once timed, then only those within a margin of the best
 * go on, the more often the shorter they take.
 */
final class Race {
  /** A way still behind the best by more than this after one run will not win. */
  private static final double MARGIN = 1.5;

  private static final int FEWEST_ROUNDS = 3;
  private static final int MOST_ROUNDS = 30;
  private static final long NANOSECONDS_EACH = 60_000_000;

  private Race() {}

  /**
   * A way to do it.
   *
   * @param nanoseconds does it once and tells how long that took
   */
  record Runner(String name, LongSupplier nanoseconds) {}

  /** The winner and its shortest time. */
  record Finish(String name, long nanoseconds) {}

  /**
   * @param runners at least one
   */
  static Finish run(List<Runner> runners) {
    runners.forEach(runner -> runner.nanoseconds().getAsLong());
    List<Finish> best = new ArrayList<>();
    for (Runner runner : runners) {
      best.add(new Finish(runner.name(), runner.nanoseconds().getAsLong()));
    }
    long first = Math.max(1, least(best).nanoseconds());
    double limit = first * MARGIN;
    long rounds = Math.max(FEWEST_ROUNDS, Math.min(MOST_ROUNDS, NANOSECONDS_EACH / first));
    for (int round = 1; round < rounds; round++) {
      for (int i = 0; i < runners.size(); i++) {
        Finish before = best.get(i);
        if (before.nanoseconds() <= limit) {
          long again = runners.get(i).nanoseconds().getAsLong();
          best.set(i, new Finish(before.name(), Math.min(again, before.nanoseconds())));
        }
      }
    }
    return least(best);
  }

  private static Finish least(List<Finish> finishes) {
    return finishes.stream().min(Comparator.comparingLong(Finish::nanoseconds)).orElseThrow();
  }
}
