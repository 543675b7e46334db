package dev.fresco.benchmarks.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Whether memory stayed: native memory in use at the end beside what it was early, and handles of
 * native tensors, which must be as many as before when nothing is under way.
 *
 * @param early after the first requests
 * @param end after the last
 * @param limit growth that is allowed, as a share
 */
record SoakVerdict(MemoryReading early, MemoryReading end, double limit) {
  /** Share by which native memory in use grew; negative if it shrank. */
  double growth() {
    return (double) end.inUseKib() / early.inUseKib() - 1;
  }

  /**
   * The same for resident memory, which an allocator's fragmentation makes grow as well: by less
   * and less, where a leak goes on.
   */
  double residentGrowth() {
    return (double) end.residentKib() / early.residentKib() - 1;
  }

  /** What is wrong; empty if nothing is. */
  List<String> leaks() {
    List<String> leaks = new ArrayList<>();
    if (growth() > limit) {
      leaks.add(
          String.format(
              Locale.ROOT,
              "native memory grew by %.1f %%; the limit is %.1f %%",
              100 * growth(),
              100 * limit));
    }
    if (end.tensors() > early.tensors()) {
      leaks.add("native tensors grew from " + early.tensors() + " to " + end.tensors());
    }
    if (end.values() > early.values()) {
      leaks.add("kernel values grew from " + early.values() + " to " + end.values());
    }
    return leaks;
  }
}
