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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
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
  private final ExecutorService executor =
      Executors.newSingleThreadExecutor(task -> new Thread(task, "progress"));

  public Progress(DiffusionModel model, ResultStore results, EventPublisher events, Clock clock) {
    this.model = model;
    this.results = results;
    this.events = events;
    this.clock = clock;
  }

  public void started(JobRun run) {
    Instant now = clock.instant();
    String worker = run.assigned().workerId();
    executor.execute(() -> publish(new JobEvent.Started(run.jobId(), now, worker)));
  }

  public void stepped(JobRun run, MemberId shown, int step, HostTensor latents) {
    Instant now = clock.instant();
    int done = run.stepsDone();
    int total = run.request().stepsTotal();
    boolean preview = previewsWaiting.get() < MOST_PREVIEWS_WAITING;
    if (preview) {
      previewsWaiting.incrementAndGet();
    }
    executor.execute(
        () -> {
          Preview made = preview && !run.hasEnded() ? preview(shown, step, latents) : null;
          if (preview) {
            previewsWaiting.decrementAndGet();
          }
          publish(new JobEvent.Step(run.jobId(), now, done, total, made));
        });
  }

  /** A preview that cannot be made is left out; the job itself is not at fault. */
  private Preview preview(MemberId shown, int step, HostTensor latents) {
    try {
      String key = results.storePreview(shown, model.preview(latents));
      return new Preview(shown.image(), step, key);
    } catch (IOException | UncheckedIOException e) {
      log.warn("no preview of {}", shown, e);
      return null;
    }
  }

  private void publish(JobEvent event) {
    events.publish(Topics.JOBS_EVENTS, event.jobId(), event);
  }

  @Override
  public void close() {
    executor.shutdown();
  }
}
