package dev.fresco.worker.source;

import java.util.concurrent.atomic.AtomicBoolean;

/** A value that stays open until this is closed. */
public final class Lease<V> implements AutoCloseable {
  private final V value;
  private final Runnable end;
  private final AtomicBoolean ended = new AtomicBoolean();

  Lease(V value, Runnable end) {
    this.value = value;
    this.end = end;
  }

  public V value() {
    return value;
  }

  /** Ends the lease; to do so again changes nothing. */
  @Override
  public void close() {
    if (ended.compareAndSet(false, true)) {
      end.run();
    }
  }
}
