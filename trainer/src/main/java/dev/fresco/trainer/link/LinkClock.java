package dev.fresco.trainer.link;

import java.time.Instant;

/** The time that links go by. */
public interface LinkClock {
  /** The machine's. */
  LinkClock SYSTEM =
      new LinkClock() {
        @Override
        public Instant now() {
          return Instant.now();
        }

        @Override
        public long nanos() {
          return System.nanoTime();
        }

        @Override
        public void sleepUntil(long nanos) throws InterruptedException {
          for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
            Thread.sleep(left / 1_000_000, (int) (left % 1_000_000));
          }
        }
      };

  /** The time of day. */
  Instant now();

  /** Nanoseconds that never go back, from any start. */
  long nanos();

  /** Returns when {@link #nanos} has reached this; at once if it has already. */
  void sleepUntil(long nanos) throws InterruptedException;
}
