package dev.fresco.worker.assignment;

import dev.fresco.contracts.ErrorCode;
import dev.fresco.contracts.job.JobEvent;
import dev.fresco.worker.health.EngineHealth;
import dev.fresco.worker.job.FailureCode;
import dev.fresco.worker.job.JobRun;
import dev.fresco.worker.job.JobsInHand;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends jobs on a thread of its own, so that neither the denoising loop nor a decoder waits for
 * Kafka. An end that Kafka does not take is tried again until it does, or until the job's partition
 * belongs to another worker.
 */
public final class Conclusions implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Conclusions.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final AssignedPartitions partitions;
  private final JobsInHand jobs;
  private final EngineHealth engine;
  private final MeterRegistry meters;
  private final Clock clock;
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "job-conclusions"));

  public Conclusions(
      AssignedPartitions partitions,
      JobsInHand jobs,
      EngineHealth engine,
      MeterRegistry meters,
      Clock clock) {
    this.partitions = partitions;
    this.jobs = jobs;
    this.engine = engine;
    this.meters = meters;
    this.clock = clock;
  }

  /** Ends a job, unless somebody else has claimed its end. */
  public void end(JobRun run, JobEvent terminal) {
    if (run.claimEnd()) {
      conclude(run, terminal);
    }
  }

  /** Ends a job that failed, unless somebody else has claimed its end. */
  public void fail(JobRun run, String what, Throwable reason) {
    if (run.claimEnd()) {
      failClaimed(run, what, reason);
    }
  }

  /**
   * Ends a job that failed and whose end the caller has claimed; or lets go of it without an event,
   * if this worker's engine is to blame, so that it runs elsewhere.
   */
  public void failClaimed(JobRun run, String what, Throwable reason) {
    log.warn("{}: {}", run.jobId(), what, reason);
    if (engine.isToBlameFor(reason)) {
      log.warn("{} is left for another worker", run.jobId());
      jobs.remove(run);
      return;
    }
    String message = what + ": " + reason.getMessage();
    ErrorCode code = FailureCode.of(reason);
    conclude(run, new JobEvent.Failed(run.jobId(), clock.instant(), code, message));
  }

  /** Ends a job whose end the caller has claimed. */
  public void conclude(JobRun run, JobEvent terminal) {
    executor.execute(() -> attempt(run, terminal));
  }

  private void attempt(JobRun run, JobEvent terminal) {
    try {
      boolean ended = partitions.end(run.position(), terminal);
      jobs.remove(run);
      if (ended) {
        String state = terminal.state().name().toLowerCase(Locale.ROOT);
        meters.counter("fresco.worker.jobs", "state", state).increment();
      } else {
        log.info("{} ended here, but its partition has moved on", run.jobId());
      }
    } catch (RuntimeException notTaken) {
      log.warn("the end of {} was not taken; trying again in {}", run.jobId(), PAUSE, notTaken);
      executor.schedule(() -> attempt(run, terminal), PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** Ends what was handed over, as far as Kafka answers within ten seconds. */
  @Override
  public void close() {
    executor.shutdown();
    try {
      if (!executor.awaitTermination(10, TimeUnit.SECONDS)) {
        executor.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      executor.shutdownNow();
    }
  }
}
