package dev.fresco.platform.recording;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** A recording that stays as long as this is open. */
public final class RecordingLease<R> implements AutoCloseable {
  private final R recording;
  private final Supplier<Path> file;
  private final long bytes;
  private final String version;
  private final Arrival arrival;
  private final Runnable release;
  private final AtomicBoolean closed = new AtomicBoolean();

  RecordingLease(
      R recording,
      Supplier<Path> file,
      long bytes,
      String version,
      Arrival arrival,
      Runnable release) {
    this.recording = recording;
    this.file = file;
    this.bytes = bytes;
    this.version = version;
    this.arrival = arrival;
    this.release = release;
  }

  public R recording() {
    return recording;
  }

  /** Where it lies at present; while it arrives, under another name than later. */
  public Path file() {
    return file.get();
  }

  /** Of the whole file. */
  public long bytes() {
    return bytes;
  }

  /** An entity tag (RFC 9110, section 8.8.3): tells this file from others of its name. */
  public String version() {
    return version;
  }

  /** Whether all of it has arrived. */
  public boolean isWhole() {
    return arrival.has(bytes);
  }

  /** Whether the first so many bytes of the file have arrived. */
  public boolean has(long until) {
    return arrival.has(until);
  }

  /**
   * Waits for the first so many bytes of the file.
   *
   * @throws RecordingUnavailableException if they will not come
   */
  public void awaitBytes(long until) {
    arrival.await(until);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      release.run();
    }
  }
}
