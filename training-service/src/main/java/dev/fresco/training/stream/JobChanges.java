package dev.fresco.training.stream;

import dev.fresco.platform.web.JobWatchers;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;

/** Tells those who wait for news of one job or of all. */
@Component
public class JobChanges {
  private final List<Consumer<String>> ofAll = new CopyOnWriteArrayList<>();
  private final JobWatchers watchers;

  JobChanges(JobWatchers watchers) {
    this.watchers = watchers;
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
    watchers.wake(jobId);
  }
}
