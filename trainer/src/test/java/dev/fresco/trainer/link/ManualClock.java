package dev.fresco.trainer.link;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A clock that a test moves. It begins at 0 and remembers until when others slept. */
final class ManualClock implements LinkClock {
  private static final long PATIENCE_MILLIS = 20_000;

  private final List<Long> sleeps = new ArrayList<>();
  private long nanos;

  @Override
  public synchronized Instant now() {
    return Instant.EPOCH.plusNanos(nanos);
  }

  @Override
  public synchronized long nanos() {
    return nanos;
  }

  @Override
  public synchronized void sleepUntil(long until) throws InterruptedException {
    if (until <= nanos) {
      return;
    }
    sleeps.add(until / 1_000_000);
    notifyAll();
    while (nanos < until) {
      wait();
    }
  }

  synchronized void advance(long millis) {
    nanos += Duration.ofMillis(millis).toNanos();
    notifyAll();
  }

  /** Waits until so many sleeps have begun; their ends in milliseconds, in that order. */
  synchronized List<Long> awaitSleeps(int number) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofMillis(PATIENCE_MILLIS).toNanos();
    while (sleeps.size() < number) {
      if (System.nanoTime() > end) {
        throw new AssertionError(sleeps.size() + " sleeps have begun: " + sleeps);
      }
      wait(100);
    }
    return List.copyOf(sleeps);
  }
}
