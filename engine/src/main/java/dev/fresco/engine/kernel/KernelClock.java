package dev.fresco.engine.kernel;

import java.util.concurrent.atomic.LongAdder;

/** Counts the calls of a library's kernels and the time inside them, over all threads. */
public final class KernelClock {
  private final LongAdder calls = new LongAdder();
  private final LongAdder nanoseconds = new LongAdder();

  void add(long elapsedNanoseconds) {
    calls.increment();
    nanoseconds.add(elapsedNanoseconds);
  }

  public long calls() {
    return calls.sum();
  }

  public long nanoseconds() {
    return nanoseconds.sum();
  }
}
