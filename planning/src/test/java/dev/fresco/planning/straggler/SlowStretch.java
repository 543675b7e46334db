package dev.fresco.planning.straggler;

/**
 * A delay of one place and kind in a synthetic trace; positions count iterations.
 *
 * @param millis that each operation takes longer
 * @param jitter deviation of the delay, as a share of it
 * @param isRequired whether it is large enough to be found
 */
record SlowStretch(double begin, double end, double millis, double jitter, boolean isRequired) {
  boolean holds(double position) {
    return position >= begin && position < end;
  }
}
