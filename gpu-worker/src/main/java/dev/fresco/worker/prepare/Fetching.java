package dev.fresco.worker.prepare;

import dev.fresco.contracts.job.JobEvent;
import dev.fresco.worker.assignment.Conclusions;
import dev.fresco.worker.job.JobRun;
import dev.fresco.worker.source.JobSources;
import dev.fresco.worker.source.NoRoomException;
import dev.fresco.worker.source.SourceFetch;
import dev.fresco.worker.thread.NamedThreads;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches the pictures and adapters of jobs on threads of their own: a job of words alone waits for
 * nobody's files. A job whose adapters have no room beside those in use holds nothing and tries
 * again until it finds room, or for so long that it fails.
 */
public final class Fetching implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Fetching.class);
  private static final int FETCHES_AT_ONCE = 4;
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final SourceFetch sources;
  private final Encoding encoding;
  private final Conclusions conclusions;
  private final Duration patience;
  private final Clock clock;
  private final Timer timer;
  private final NamedThreads threads = new NamedThreads("fetch", FETCHES_AT_ONCE);
  private final ScheduledExecutorService later =
      Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "fetch-later"));

  /**
   * @param patience how long a job waits for room among the adapters
   */
  public Fetching(
      SourceFetch sources,
      Encoding encoding,
      Conclusions conclusions,
      Duration patience,
      Clock clock,
      MeterRegistry meters) {
    this.sources = sources;
    this.encoding = encoding;
    this.conclusions = conclusions;
    this.patience = patience;
    this.clock = clock;
    this.timer = meters.timer("fresco.worker.fetch");
  }

  public void fetchSoon(JobRun run) {
    if (SourceFetch.isNeeded(run.request())) {
      fetchSoon(run, clock.instant());
    } else {
      encoding.encodeSoon(run, JobSources.NONE);
    }
  }

  private void fetchSoon(JobRun run, Instant since) {
    threads.execute(() -> timer.record(() -> fetch(run, since)));
  }

  private void fetch(JobRun run, Instant since) {
    if (run.hasEnded()) {
      return;
    }
    try {
      encoding.encodeSoon(run, sources.fetch(run.request()));
    } catch (NoRoomException e) {
      waitForRoom(run, since, e);
    } catch (RuntimeException | Error e) {
      conclusions.fail(run, Encoding.FAILED, e);
    }
  }

  private void waitForRoom(JobRun run, Instant since, NoRoomException reason) {
    Instant now = clock.instant();
    Instant deadline = run.request().deadline();
    if (deadline != null && now.isAfter(deadline)) {
      conclusions.end(run, new JobEvent.Expired(run.jobId(), now));
    } else if (now.isAfter(since.plus(patience))) {
      String what = "its adapters found no room within %s (fresco.worker.adapter-wait)";
      conclusions.fail(run, what.formatted(patience), reason);
    } else {
      log.debug("{} waits: {}", run.jobId(), reason.getMessage());
      later.schedule(() -> fetchSoon(run, since), PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public void close() {
    later.shutdownNow();
    threads.close();
  }
}
