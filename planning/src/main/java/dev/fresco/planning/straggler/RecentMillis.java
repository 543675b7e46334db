package dev.fresco.planning.straggler;

/**
 * The time of an operation: the median of the last {@value #LENGTH}, as Adaptra takes it
 * (arXiv:2504.19232, its artifact). Owned by one {@link OperationTrack}.
 */
final class RecentMillis {
  static final int LENGTH = 32;

  private final double[] ring = new double[LENGTH];
  private int next;
  private int size;

  void add(double millis) {
    ring[next] = millis;
    next = (next + 1) % LENGTH;
    size = Math.min(size + 1, LENGTH);
  }

  /** Leaves the newest ones only: those before are of another level. */
  void keep(int newest) {
    size = Math.min(size, newest);
  }

  /** The median; of an even number, the mean of the middle two. At least one was added. */
  double median() {
    double[] newest = new double[size];
    for (int i = 0; i < size; i++) {
      newest[i] = ring[(next - 1 - i + LENGTH) % LENGTH];
    }
    return Median.of(newest);
  }
}
