package dev.fresco.gateway.stream;

import dev.fresco.gateway.view.JobView;
import dev.fresco.platform.web.JobWatchers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/** Waits for the end of a job without holding a thread. */
@Component
public class JobWaiting {
  private final JobWatchers watchers;
  private final ScheduledExecutorService threads;

  JobWaiting(JobWatchers watchers, ScheduledExecutorService streamThreads) {
    this.watchers = watchers;
    this.threads = streamThreads;
  }

  /**
   * The job once it has ended, or as it is after {@code limit}.
   *
   * @param look reads the job; what it throws is what the future ends with
   */
  public CompletableFuture<JobView> untilEnded(
      String jobId, Supplier<JobView> look, Duration limit) {
    CompletableFuture<JobView> result = new CompletableFuture<>();
    Runnable check = () -> check(look, false, result);
    watchers.watch(jobId, check);
    ScheduledFuture<?> end =
        threads.schedule(() -> check(look, true, result), limit.toMillis(), TimeUnit.MILLISECONDS);
    // It may have ended between the caller's look and the watch.
    threads.execute(check);
    return result.whenComplete(
        (view, failure) -> {
          watchers.unwatch(jobId, check);
          end.cancel(false);
        });
  }

  private static void check(
      Supplier<JobView> look, boolean inAnyState, CompletableFuture<JobView> result) {
    if (result.isDone()) {
      return;
    }
    try {
      JobView view = look.get();
      if (inAnyState || view.state().isTerminal()) {
        result.complete(view);
      }
    } catch (RuntimeException e) {
      result.completeExceptionally(e);
    }
  }
}
