package dev.fresco.trainer.data;

import java.util.SplittableRandom;

/** A seed of its own for each microbatch of a run. */
final class MicrobatchSeed {
  private MicrobatchSeed() {}

  static long of(long seed, long iteration, int replica, int number) {
    long mixed = seed;
    for (long part : new long[] {iteration, replica, number}) {
      mixed = new SplittableRandom(mixed ^ part).nextLong();
    }
    return mixed;
  }
}
