package dev.fresco.training.stream;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import org.springframework.stereotype.Component;

/** Wakes those who wait for news of a job. */
@Component
public class JobWatchers {
  private final Map<String, Set<Runnable>> watchers = new ConcurrentHashMap<>();
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

  /** A job has changed. */
  public void changed(String jobId) {
    Set<Runnable> waiting = jobId == null ? null : watchers.get(jobId);
    if (waiting != null) {
      waiting.forEach(threads::execute);
    }
  }
}
