package dev.fresco.worker.source;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** A value that stays open until this is closed. */
public final class Lease<V> implements AutoCloseable {
  private final V value;
  private final Runnable end;
  private final Supplier<Lease<V>> again;
  private final AtomicBoolean ended = new AtomicBoolean();

  Lease(V value, Runnable end, Supplier<Lease<V>> again) {
    this.value = value;
    this.end = end;
    this.again = again;
  }

  public V value() {
    return value;
  }

  /** Another lease of the same value, which ends by itself; this one must not have ended. */
  public Lease<V> shared() {
    return again.get();
  }

  /** Ends the lease; to do so again changes nothing. */
  @Override
  public void close() {
    if (ended.compareAndSet(false, true)) {
      end.run();
    }
  }
}
