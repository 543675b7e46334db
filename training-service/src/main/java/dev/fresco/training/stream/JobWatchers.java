package dev.fresco.training.stream;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;

/** Wakes those who wait for news of a job. */
@Component
public class JobWatchers {
  private final Map<String, Set<Runnable>> watchers = new ConcurrentHashMap<>();
  private final List<Consumer<String>> ofAll = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService threads;

  JobWatchers(ScheduledExecutorService streamThreads) {
    this.threads = streamThreads;
  }

  /** Runs {@code watcher} on a thread of the streams after each change of the job. */
  void watch(String jobId, Runnable watcher) {
    watchers.compute(
        jobId,
        (id, others) -> {
          Set<Runnable> all = others == null ? ConcurrentHashMap.newKeySet() : others;
          all.add(watcher);
          return all;
        });
  }

  void unwatch(String jobId, Runnable watcher) {
    watchers.computeIfPresent(
        jobId,
        (id, others) -> {
          others.remove(watcher);
          return others.isEmpty() ? null : others;
        });
  }

  /** Tells {@code watcher} of each change of any job; it must not wait. */
  public void watchAll(Consumer<String> watcher) {
    ofAll.add(watcher);
  }

  /** A job has changed. */
  public void changed(String jobId) {
    if (jobId == null) {
      return;
    }
    ofAll.forEach(watcher -> watcher.accept(jobId));
    Set<Runnable> waiting = watchers.get(jobId);
    if (waiting != null) {
      waiting.forEach(threads::execute);
    }
  }
}
