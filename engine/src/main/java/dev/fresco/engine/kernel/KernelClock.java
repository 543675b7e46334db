package dev.fresco.engine.kernel;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts the calls of a library's kernels and the time inside them, over all threads. */
public final class KernelClock {
  private final Map<String, Counter> counters = new ConcurrentHashMap<>();

  private record Counter(LongAdder calls, LongAdder nanoseconds) {}

  /** Of one kernel's method, or of all together. */
  public record Total(long calls, long nanoseconds) {
    /** What was added since an earlier reading. */
    public Total since(Total earlier) {
      return new Total(calls - earlier.calls, nanoseconds - earlier.nanoseconds);
    }
  }

  void add(String method, long elapsedNanoseconds) {
    Counter counter =
        counters.computeIfAbsent(method, name -> new Counter(new LongAdder(), new LongAdder()));
    counter.calls().increment();
    counter.nanoseconds().add(elapsedNanoseconds);
  }

  /** By {@code kernel.method}. */
  public Map<String, Total> byMethod() {
    Map<String, Total> totals = new TreeMap<>();
    counters.forEach(
        (method, counter) ->
            totals.put(method, new Total(counter.calls().sum(), counter.nanoseconds().sum())));
    return totals;
  }

  public long calls() {
    return counters.values().stream().mapToLong(counter -> counter.calls().sum()).sum();
  }

  public long nanoseconds() {
    return counters.values().stream().mapToLong(counter -> counter.nanoseconds().sum()).sum();
  }
}
