package dev.fresco.platform.web;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The memory that uploads may take together. Small ones run side by side; large ones wait for each
 * other, and are sent away if that takes too long.
 */
public final class UploadMemory {
  private static final long UNIT = 1024;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private final int units;
  private final int copies;
  private final Semaphore free;
  private final Duration patience;

  /**
   * @param bytes for all uploads
   * @param copies how many times an upload is held in memory at its peak, in one form or another
   * @param patience how long one waits for its share
   */
  public UploadMemory(long bytes, int copies, Duration patience) {
    this.units = (int) Math.max(1, Math.min(Integer.MAX_VALUE, bytes / UNIT));
    this.copies = copies;
    this.free = new Semaphore(units, true);
    this.patience = patience;
  }

  /** An upload's part of the memory, until it is closed. */
  public interface Share extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Takes the share of an upload; all of the memory, if it is larger than that.
   *
   * @throws ProblemException 503 if the others do not leave it in time
   */
  public Share take(long uploadBytes) {
    int share = (int) Math.max(1, Math.min(units, uploadBytes / UNIT * copies));
    try {
      if (free.tryAcquire(share, patience.toMillis(), TimeUnit.MILLISECONDS)) {
        return () -> free.release(share);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw ProblemException.unavailable(
        "other uploads hold the memory; this one has waited %s (fresco.limits.upload-wait)"
            .formatted(patience),
        RETRY_AFTER);
  }
}
