package dev.fresco.worker.source;

import dev.fresco.contracts.ErrorCode;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Things that are dear to open, shared by those who use them.
 *
 * <p>Goal: one that is in use is never closed; all together never take more than a limit.
 *
 * <p>Algorithm: users are counted. What nobody uses stays open until its place is needed; then
 * those go first that were used least recently. What several ask for at once is opened once.
 * Closing happens under the lock: it is quick, and the same thing must not be opened again beside
 * it.
 *
 * @param <K> what tells one from another
 */
public final class LeasedCache<K, V extends AutoCloseable> implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LeasedCache.class);

  private final long limit;
  private final String knob;

  /** The least recently used first. */
  private final Map<K, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

  private long used;
  private boolean closed;

  /**
   * @param limit in bytes
   * @param knob the property that sets it
   */
  public LeasedCache(long limit, String knob) {
    this.limit = limit;
    this.knob = knob;
  }

  private final class Entry {
    final long bytes;
    final CompletableFuture<V> value = new CompletableFuture<>();
    int users = 1;

    Entry(long bytes) {
      this.bytes = bytes;
    }
  }

  /**
   * Opens something, or finds it open.
   *
   * @param bytes that it takes while it is open
   * @throws NoRoomException if there is no room beside what is in use
   * @throws SourceException if it takes more than the limit by itself
   * @throws RuntimeException as {@code open} threw it
   */
  public Lease<V> take(K key, long bytes, Supplier<V> open) {
    Entry entry;
    boolean isNew;
    synchronized (this) {
      if (closed) {
        throw new IllegalStateException("this worker is stopping");
      }
      entry = entries.get(key);
      isNew = entry == null;
      if (isNew) {
        if (bytes > limit) {
          throw tooLarge("it takes", bytes);
        }
        makeRoom(bytes);
        entry = new Entry(bytes);
        entries.put(key, entry);
        used += bytes;
      } else {
        entry.users++;
      }
    }
    return lease(key, isNew ? opened(key, entry, open) : awaited(entry));
  }

  private Lease<V> lease(K key, Entry entry) {
    return new Lease<>(entry.value.join(), () -> release(key, entry), () -> again(key, entry));
  }

  private synchronized Lease<V> again(K key, Entry entry) {
    entry.users++;
    return lease(key, entry);
  }

  private Entry opened(K key, Entry entry, Supplier<V> open) {
    try {
      entry.value.complete(open.get());
      return entry;
    } catch (RuntimeException | Error e) {
      synchronized (this) {
        entries.remove(key, entry);
        used -= entry.bytes;
      }
      entry.value.completeExceptionally(e);
      throw e;
    }
  }

  /** Whoever waits fails as the one who opens. */
  private Entry awaited(Entry entry) {
    try {
      entry.value.join();
      return entry;
    } catch (CompletionException e) {
      if (e.getCause() instanceof NoRoomException failed) {
        throw new NoRoomException(failed);
      }
      if (e.getCause() instanceof SourceException failed) {
        throw new SourceException(failed.code(), failed.getMessage(), failed);
      }
      if (e.getCause() instanceof RuntimeException failed) {
        throw failed;
      }
      throw e;
    }
  }

  private synchronized void release(K key, Entry entry) {
    entry.users--;
    if (closed && entry.users == 0) {
      entries.remove(key, entry);
      close(entry);
    }
  }

  private void makeRoom(long bytes) {
    Iterator<Entry> oldest = entries.values().iterator();
    while (used + bytes > limit && oldest.hasNext()) {
      Entry entry = oldest.next();
      if (entry.users == 0) {
        oldest.remove();
        close(entry);
      }
    }
    if (used + bytes > limit) {
      throw new NoRoomException(tooLarge("it takes", bytes));
    }
  }

  private SourceException tooLarge(String what, long bytes) {
    return new SourceException(
        ErrorCode.ADAPTER_UNUSABLE,
        "%s %d bytes; of %d (%s) %d are in use".formatted(what, bytes, limit, knob, used));
  }

  /**
   * Holds what is needed at once against the limit.
   *
   * @param what words before the number, for messages
   * @throws SourceException if it does not fit even when nothing else is in use
   */
  synchronized void requireFits(String what, long bytes) {
    if (bytes > limit) {
      throw tooLarge(what, bytes);
    }
  }

  /** Closes what nobody uses. */
  public synchronized void closeIdle() {
    entries
        .values()
        .removeIf(
            entry -> {
              if (entry.users == 0) {
                close(entry);
              }
              return entry.users == 0;
            });
  }

  private void close(Entry entry) {
    used -= entry.bytes;
    try {
      entry.value.join().close();
    } catch (Exception e) {
      log.warn("{} did not close cleanly", entry.value.join(), e);
    }
  }

  /** Bytes of what is open. */
  public synchronized long used() {
    return used;
  }

  /** How many are open. */
  public synchronized int size() {
    return entries.size();
  }

  /** Closes what nobody uses; the rest when its last user lets go of it. */
  @Override
  public synchronized void close() {
    closed = true;
    closeIdle();
  }
}
