package dev.fresco.benchmarks.soak;

/** How requests ended, and how many steps the batch took. */
final class SoakTally {
  private long steps;
  private int finished;
  private int cancelled;
  private int failed;
  private int refused;

  void step() {
    steps++;
  }

  void finish() {
    finished++;
  }

  void cancel() {
    cancelled++;
  }

  void fail() {
    failed++;
  }

  void refuse() {
    refused++;
  }

  long steps() {
    return steps;
  }

  int finished() {
    return finished;
  }

  int cancelled() {
    return cancelled;
  }

  /** Those whose numbers stopped being finite. */
  int failed() {
    return failed;
  }

  /** Those that could not join. */
  int refused() {
    return refused;
  }

  int ended() {
    return finished + cancelled + failed + refused;
  }
}
