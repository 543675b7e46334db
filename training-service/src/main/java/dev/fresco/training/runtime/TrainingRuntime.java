package dev.fresco.training.runtime;

import dev.fresco.contracts.ErrorCode;
import dev.fresco.contracts.training.TrainingEvent;
import dev.fresco.contracts.training.TrainingJob;
import dev.fresco.contracts.training.TrainingKind;
import dev.fresco.engine.EngineException;
import dev.fresco.platform.catalogue.Catalogue;
import dev.fresco.platform.catalogue.Page;
import dev.fresco.platform.catalogue.PageRequest;
import dev.fresco.platform.event.EventNotSentException;
import dev.fresco.platform.web.ProblemException;
import dev.fresco.training.job.TrainingJobEvents;
import dev.fresco.training.job.TrainingShelves;
import dev.fresco.training.stream.JobChanges;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import org.springframework.stereotype.Component;

/**
 * Runs the jobs that are not external.
 *
 * <p>Goal: a job that was created and has not ended is run, whatever dies in between. Constraints:
 * one process runs jobs; the catalogue says which, and is rebuilt from Kafka.
 *
 * <p>Algorithm: at the start, and after each change of a job, one thread looks at it: if it should
 * run and is not in hand, it waits for its turn; if it is to stop, its run is told so. A job that
 * is in hand is let go of only when the catalogue knows its end. A service that stops has its runs
 * write checkpoints and tells nobody: to the next one they look as if it had died.
 */
@Component
final class TrainingRuntime implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(TrainingRuntime.class);

  /** After the catalogue has caught up. */
  private static final int PHASE = 200;

  private static final JobRun.Result NOT_BEGUN = JobRun.Result.stopped();
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

  private final Catalogue<TrainingJob> jobs;
  private final TrainingJobEvents events;
  private final JobRuns runs;
  private final RuntimeSettings settings;
  private final JobChanges changes;
  private final Clock clock;
  private final Map<String, InHand> inHand = new HashMap<>();
  private ScheduledExecutorService looking;
  private ExecutorService running;
  private volatile boolean stopping;

  TrainingRuntime(
      Catalogue<TrainingJob> jobs,
      TrainingJobEvents events,
      JobRuns runs,
      RuntimeSettings settings,
      JobChanges changes,
      Clock clock) {
    this.jobs = jobs;
    this.events = events;
    this.runs = runs;
    this.settings = settings;
    this.changes = changes;
    this.clock = clock;
  }

  /** A job that waits for its turn or runs. */
  private static final class InHand {
    private JobRun run;
    private boolean toStop;

    /** Whether it may run: nobody stopped it while it waited. */
    synchronized boolean begin(JobRun begun) {
      run = begun;
      return !toStop;
    }

    /** Whether it has not begun, and will not. */
    synchronized boolean stop() {
      toStop = true;
      if (run != null) {
        run.stop();
      }
      return run == null;
    }
  }

  @Override
  public void start() {
    stopping = false;
    looking =
        Executors.newSingleThreadScheduledExecutor(new CustomizableThreadFactory("training-jobs-"));
    running =
        Executors.newFixedThreadPool(
            settings.jobsAtOnce(), new CustomizableThreadFactory("training-run-"));
    changes.watchAll(this::look);
    String after = null;
    do {
      Page<TrainingJob> page = jobs.list(TrainingShelves.UNFINISHED, PageRequest.of(null, after));
      page.items().forEach(job -> look(job.id()));
      after = page.nextCursor();
    } while (after != null);
  }

  private void look(String jobId) {
    lookIn(Duration.ZERO, jobId);
  }

  private void lookIn(Duration pause, String jobId) {
    try {
      looking.schedule(() -> lookNow(jobId), pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      log.debug("{} has changed while the service stops", jobId);
    }
  }

  private void lookNow(String jobId) {
    try {
      jobs.find(jobId)
          .filter(job -> job.kind() != TrainingKind.EXTERNAL && !job.state().hasEnded())
          .ifPresent(this::decide);
    } catch (DataAccessException | EventNotSentException | ProblemException e) {
      log.warn("cannot look at training job {}; looking again", jobId, e);
      lookIn(PAUSE_AFTER_FAILURE, jobId);
    } catch (RuntimeException e) {
      log.error("cannot look at training job {}", jobId, e);
    }
  }

  private void decide(TrainingJob job) {
    boolean isToStop = job.state() == TrainingJob.State.STOPPING;
    synchronized (this) {
      InHand known = inHand.get(job.id());
      if (known == null && !stopping) {
        InHand taken = new InHand();
        inHand.put(job.id(), taken);
        running.execute(() -> runToEnd(job.id(), taken));
        return;
      }
      if (known == null || !isToStop || !known.stop()) {
        return;
      }
    }
    // Others may run for days before its turn comes. Whoever looks next sees it ended.
    events.publishAndFollow(new TrainingEvent.Stopped(job.id(), clock.instant()));
  }

  private void runToEnd(String jobId, InHand taken) {
    Duration again = Duration.ZERO;
    try {
      TrainingJob job = jobs.find(jobId).orElseThrow();
      if (!job.state().hasEnded()) {
        Optional<JobRun.Result> result = result(job, taken);
        if (result.isPresent()) {
          tell(jobId, result.get());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      log.error("training job {} is let go of", jobId, e);
      again = PAUSE_AFTER_FAILURE;
    } finally {
      synchronized (this) {
        inHand.remove(jobId);
      }
      // It may have been resumed meanwhile.
      lookIn(again, jobId);
    }
  }

  /** Runs a job; empty if there is nothing to tell: it goes on elsewhere, or was stopped before. */
  private Optional<JobRun.Result> result(TrainingJob job, InHand taken)
      throws InterruptedException {
    if (job.state() == TrainingJob.State.STOPPING) {
      return Optional.of(JobRun.Result.stopped());
    }
    log.info("training job {} runs", job.id());
    JobRun.Result result = run(job, taken);
    boolean goesOn = stopping && result.end() == JobRun.End.STOPPED;
    return goesOn || result == NOT_BEGUN ? Optional.empty() : Optional.of(result);
  }

  private JobRun.Result run(TrainingJob job, InHand taken) throws InterruptedException {
    try {
      JobRun run = runs.of(job);
      return taken.begin(run) ? run.run() : NOT_BEGUN;
    } catch (IllegalArgumentException e) {
      return JobRun.Result.failed(ErrorCode.INVALID_REQUEST, e.getMessage());
    } catch (EngineException e) {
      log.warn("training job {} failed", job.id(), e);
      return JobRun.Result.failed(ErrorCode.ENGINE_FAILURE, e.getMessage());
    } catch (IOException | ProblemException e) {
      log.warn("training job {} failed", job.id(), e);
      return JobRun.Result.failed(ErrorCode.STORAGE_FAILURE, e.getMessage());
    } catch (RuntimeException e) {
      log.error("training job {} failed", job.id(), e);
      return JobRun.Result.failed(ErrorCode.INTERNAL_ERROR, e.toString());
    }
  }

  /** Until Kafka takes it; what the service forgets here it would run again. */
  private void tell(String jobId, JobRun.Result result) throws InterruptedException {
    while (!stopping) {
      try {
        events.publishAndFollow(event(jobId, result));
        log.info("training job {}: {} {}", jobId, result.end(), result.message());
        return;
      } catch (EventNotSentException | ProblemException e) {
        log.warn("the end of training job {} is told again", jobId, e);
        TimeUnit.MILLISECONDS.sleep(PAUSE_AFTER_FAILURE.toMillis());
      }
    }
  }

  private TrainingEvent event(String jobId, JobRun.Result result) {
    return switch (result.end()) {
      case FINISHED -> new TrainingEvent.Succeeded(jobId, clock.instant(), result.adapterId());
      case STOPPED -> new TrainingEvent.Stopped(jobId, clock.instant());
      case FAILED ->
          new TrainingEvent.Failed(jobId, clock.instant(), result.code(), result.message());
    };
  }

  @Override
  public void stop() {
    synchronized (this) {
      stopping = true;
      inHand.values().forEach(InHand::stop);
    }
    running.shutdown();
    try {
      if (!running.awaitTermination(settings.stopLimit().toMillis(), TimeUnit.MILLISECONDS)) {
        log.warn("runs are broken off after {} (fresco.training.stop-limit)", settings.stopLimit());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    running.shutdownNow();
    looking.shutdownNow();
    running = null;
  }

  @Override
  public boolean isRunning() {
    return running != null;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }
}
