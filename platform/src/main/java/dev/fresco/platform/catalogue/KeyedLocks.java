package dev.fresco.platform.catalogue;

import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * One change at a time for each id within this process. Ids share a fixed number of locks, so
 * nothing grows with them.
 */
public final class KeyedLocks {
  private static final int LOCKS = 64;

  private final ReentrantLock[] locks =
      Stream.generate(ReentrantLock::new).limit(LOCKS).toArray(ReentrantLock[]::new);

  /** An action that may fail in IO. */
  @FunctionalInterface
  public interface Action<R> {
    R run() throws IOException;
  }

  public <R> R holding(String id, Action<R> action) throws IOException {
    ReentrantLock lock = locks[Math.floorMod(id.hashCode(), LOCKS)];
    lock.lock();
    try {
      return action.run();
    } finally {
      lock.unlock();
    }
  }
}
