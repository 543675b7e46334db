package dev.fresco.platform.recording;

/** How far a file has arrived, from its start. */
final class Arrival {
  private long bytes;
  private String failure;

  /** Of a file that is there. */
  static Arrival done() {
    Arrival arrival = new Arrival();
    arrival.bytes = Long.MAX_VALUE;
    return arrival;
  }

  synchronized void advanceTo(long arrived) {
    bytes = arrived;
    notifyAll();
  }

  synchronized void fail(String reason) {
    failure = reason;
    notifyAll();
  }

  synchronized boolean has(long until) {
    return bytes >= until;
  }

  /**
   * Waits for the first so many bytes.
   *
   * @throws RecordingUnavailableException if they will not come
   */
  synchronized void await(long until) {
    try {
      while (bytes < until && failure == null) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RecordingUnavailableException("interrupted while a recording arrives", e);
    }
    if (bytes < until) {
      throw new RecordingUnavailableException(failure);
    }
  }
}
