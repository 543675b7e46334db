package dev.fresco.benchmarks.rates;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Finds the fastest of several ways to do one thing, without spending time on those that are far
 * behind: every way runs once untimed and once timed, then only those within a margin of the best
 * go on.
 */
final class Race {
  /** A way still behind the best by more than this after one run will not win. */
  private static final double MARGIN = 1.5;

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
   * @param rounds that those near the best are timed, from 1 on
   */
  static Finish run(List<Runner> runners, int rounds) {
    runners.forEach(runner -> runner.nanoseconds().getAsLong());
    List<Finish> best = new ArrayList<>();
    for (Runner runner : runners) {
      best.add(new Finish(runner.name(), runner.nanoseconds().getAsLong()));
    }
    double limit = least(best).nanoseconds() * MARGIN;
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
