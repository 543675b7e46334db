package dev.fresco.platform.web;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/** Those who wait for news of a job. */
public final class JobWatchers {
  private final Map<String, Set<Runnable>> watchers = new ConcurrentHashMap<>();
  private final Executor threads;

  /**
   * @param threads that run the watchers
   */
  public JobWatchers(Executor threads) {
    this.threads = threads;
  }

  /** Runs {@code watcher} after each change of the job. */
  public void watch(String jobId, Runnable watcher) {
    watchers.compute(
        jobId,
        (id, others) -> {
          Set<Runnable> all = others == null ? ConcurrentHashMap.newKeySet() : others;
          all.add(watcher);
          return all;
        });
  }

  public void unwatch(String jobId, Runnable watcher) {
    watchers.computeIfPresent(
        jobId,
        (id, others) -> {
          others.remove(watcher);
          return others.isEmpty() ? null : others;
        });
  }

  /** A job has changed. */
  public void wake(String jobId) {
    Set<Runnable> waiting = watchers.get(jobId);
    if (waiting != null) {
      waiting.forEach(threads::execute);
    }
  }

  /** Any job may have changed. */
  public void wakeAll() {
    watchers.keySet().forEach(this::wake);
  }
}
