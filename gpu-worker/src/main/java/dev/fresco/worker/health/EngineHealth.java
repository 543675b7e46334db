package dev.fresco.worker.health;

import dev.fresco.engine.NativeException;
import dev.fresco.planning.batching.FailureStreak;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Whether the engine works, as jobs and steps tell. A failure that is not PyTorch's own says
 * nothing of it: requests that do not fit the model, numbers that are not finite, and pictures that
 * are too large are their jobs' matter.
 */
public final class EngineHealth {
  private final List<Consumer<Exception>> watchers = new CopyOnWriteArrayList<>();
  private FailureStreak streak = FailureStreak.NONE;

  /** Calls back, once, when the engine has proved to be broken. */
  public void whenBroken(Consumer<Exception> watcher) {
    watchers.add(watcher);
  }

  /** A step went through. */
  public synchronized void worked() {
    streak = streak.worked();
  }

  /**
   * A job is about to fail.
   *
   * @return whether the engine is to blame, and the job ought to run elsewhere
   */
  public boolean isToBlameFor(Throwable reason) {
    if (!(reason instanceof NativeException failure)) {
      return false;
    }
    boolean known;
    boolean broken;
    synchronized (this) {
      known = streak.isBroken();
      streak = streak.failed();
      broken = streak.isBroken();
    }
    if (broken && !known) {
      watchers.forEach(watcher -> watcher.accept(failure));
    }
    return broken;
  }
}
