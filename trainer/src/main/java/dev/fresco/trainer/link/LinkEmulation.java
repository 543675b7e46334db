package dev.fresco.trainer.link;

/**
 * Lets messages pass as a slow link would: each begins when the one before it is on its way, takes
 * its bytes at the bandwidth, and then the delay; any number can be in the delay at a time.
 */
final class LinkEmulation {
  private final LinkClock clock;
  private LinkConditions conditions = LinkConditions.HEALTHY;

  /** When the last message is wholly on its way. */
  private long freeFrom;

  LinkEmulation(LinkClock clock) {
    this.clock = clock;
    freeFrom = clock.nanos();
  }

  synchronized void conditions(LinkConditions next) {
    conditions = next;
  }

  /** Waits as long as a message of so many bytes takes. */
  void pass(int bytes) throws InterruptedException {
    clock.sleepUntil(arrival(bytes));
  }

  private synchronized long arrival(int bytes) {
    long now = clock.nanos();
    long sent = now;
    if (conditions.bytesPerSecond() < Double.POSITIVE_INFINITY) {
      long begins = freeFrom - now > 0 ? freeFrom : now;
      sent = begins + Math.round(bytes / conditions.bytesPerSecond() * 1e9);
      freeFrom = sent;
    }
    return sent + Math.round(conditions.delayMillisAt(clock.now()) * 1e6);
  }
}
