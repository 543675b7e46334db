package dev.fresco.platform.recording;

import java.util.concurrent.TimeUnit;

/**
 * Emulates a link or disk of limited bandwidth, which all that pass share. What passes is put end
 * to end; who passes waits until his end has come.
 */
public final class Throttle {
  private final double bytesPerNano;
  private long free = System.nanoTime();

  /**
   * @param bytesPerSecond 0 for no limit
   */
  public Throttle(long bytesPerSecond) {
    if (bytesPerSecond < 0) {
      throw new IllegalArgumentException(
          "bandwidth is " + bytesPerSecond + " bytes/s; it must be 0 (no limit) or more");
    }
    this.bytesPerNano = bytesPerSecond / (double) TimeUnit.SECONDS.toNanos(1);
  }

  /** Waits as long as so many bytes take. */
  public void pass(long bytes) throws InterruptedException {
    if (bytesPerNano == 0) {
      return;
    }
    long end;
    synchronized (this) {
      end = Math.max(free, System.nanoTime()) + (long) (bytes / bytesPerNano);
      free = end;
    }
    TimeUnit.NANOSECONDS.sleep(end - System.nanoTime());
  }

  /** The most bytes that should pass at once, so that what follows is not held up for long. */
  int piece(int most) {
    double twentieth = bytesPerNano * TimeUnit.MILLISECONDS.toNanos(50);
    return bytesPerNano == 0 ? most : (int) Math.max(1 << 14, Math.min(most, twentieth));
  }
}
