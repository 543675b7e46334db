package dev.fresco.worker.progress;

import dev.fresco.contracts.Topics;
import dev.fresco.contracts.job.JobEvent;
import dev.fresco.contracts.job.JobEvent.Preview;
import dev.fresco.engine.DiffusionModel;
import dev.fresco.engine.HostTensor;
import dev.fresco.planning.batching.MemberId;
import dev.fresco.platform.event.EventPublisher;
import dev.fresco.worker.finish.ResultStore;
import dev.fresco.worker.job.JobRun;
import dev.fresco.worker.thread.NamedThreads;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the world of a job's steps, with a preview, on a thread of its own. When that thread falls
 * behind, previews are left out; steps are not.
 */
public final class Progress implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Progress.class);
  private static final int MOST_PREVIEWS_WAITING = 8;

  private final DiffusionModel model;
  private final ResultStore results;
  private final EventPublisher events;
  private final Clock clock;
  private final AtomicInteger previewsWaiting = new AtomicInteger();
  private final NamedThreads thread = new NamedThreads("progress", 1);

  public Progress(DiffusionModel model, ResultStore results, EventPublisher events, Clock clock) {
    this.model = model;
    this.results = results;
    this.events = events;
    this.clock = clock;
  }

  public void started(JobRun run) {
    JobEvent started =
        new JobEvent.Started(run.jobId(), clock.instant(), run.workerId(), run.warnings());
    thread.execute(() -> publish(started));
  }

  /**
   * @param estimate is read before this returns, or not at all
   */
  public void stepped(JobRun run, MemberId shown, int step, Supplier<HostTensor> estimate) {
    Instant now = clock.instant();
    int done = run.stepsDone();
    int total = run.stepsTotal();
    if (previewsWaiting.get() >= MOST_PREVIEWS_WAITING) {
      thread.execute(() -> publish(new JobEvent.Step(run.jobId(), now, done, total, null)));
      return;
    }
    previewsWaiting.incrementAndGet();
    HostTensor latents = estimate.get();
    thread.execute(
        () -> {
          Preview made = run.hasEnded() ? null : preview(shown, step, latents);
          previewsWaiting.decrementAndGet();
          publish(new JobEvent.Step(run.jobId(), now, done, total, made));
        });
  }

  /** A preview that cannot be made is left out; the job itself is not at fault. */
  private Preview preview(MemberId shown, int step, HostTensor latents) {
    try {
      String key = results.storePreview(shown, model.preview(latents));
      return new Preview(shown.image(), step, key);
    } catch (IOException | RuntimeException e) {
      log.warn("no preview of {}", shown, e);
      return null;
    }
  }

  private void publish(JobEvent event) {
    events.publish(Topics.JOBS_EVENTS, event.jobId(), event);
  }

  @Override
  public void close() {
    thread.close();
  }
}
