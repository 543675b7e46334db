package dev.fresco.training.config;

import dev.fresco.contracts.training.TrainingDelay;
import dev.fresco.contracts.training.TrainingKind;
import dev.fresco.contracts.training.TrainingPlan;
import dev.fresco.contracts.training.TrainingProgress;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/**
 * What training jobs show of themselves. Tags have few values, but for {@code job}: those meters
 * are there for at most {@value #MOST_JOBS} jobs that run, and go with them.
 */
@Component
public class TrainingMeters {
  private static final int MOST_JOBS = 100;

  /** The names, with what they measure. */
  public enum Name {
    /** Reports of stages; tag {@code result}. */
    REPORTS("fresco.training.telemetry.reports"),
    /** Time of an iteration, waits included; tag {@code kind} of the job. */
    ITERATION("fresco.training.iteration"),
    /** Part of an iteration in which the busiest stage computed nothing; tag {@code kind}. */
    BUBBLE_RATIO("fresco.training.bubble.ratio"),
    /** Seconds by which a message is late; tags {@code job} and {@code place}. */
    LINK_DELAY("fresco.training.link.delay"),
    /** The number of the plan in force; tags {@code job} and {@code schedule}. */
    SCHEDULE("fresco.training.schedule");

    private final String meter;

    Name(String meter) {
      this.meter = meter;
    }

    public String meter() {
      return meter;
    }
  }

  private final MeterRegistry registry;
  private final MultiGauge delays;
  private final MultiGauge schedules;
  private final Map<String, Job> jobs = new LinkedHashMap<>();

  private static final class Job {
    private final Map<String, Double> delaySeconds = new TreeMap<>();
    private TrainingPlan plan;
  }

  TrainingMeters(MeterRegistry registry) {
    this.registry = registry;
    delays =
        MultiGauge.builder(Name.LINK_DELAY.meter())
            .description("By how much messages and operations are late, beyond what is healthy")
            .baseUnit("seconds")
            .register(registry);
    schedules =
        MultiGauge.builder(Name.SCHEDULE.meter())
            .description("The number of the plan in force")
            .register(registry);
  }

  /** A report came, and was used or not. */
  public void reported(String result) {
    registry.counter(Name.REPORTS.meter(), "result", result).increment();
  }

  /** An iteration is complete. */
  public void iterated(TrainingKind kind, TrainingProgress progress) {
    Tags tags = Tags.of("kind", kind.wireName());
    Timer.builder(Name.ITERATION.meter())
        .tags(tags)
        .register(registry)
        .record(Duration.ofNanos((long) (progress.iterationMillis() * 1e6)));
    DistributionSummary.builder(Name.BUBBLE_RATIO.meter())
        .tags(tags)
        .register(registry)
        .record(progress.bubbleRatio());
  }

  /** A delay began, changed its size or has ended. */
  public synchronized void delayed(String jobId, TrainingDelay delay) {
    Job job = job(jobId);
    if (job == null) {
      return;
    }
    double millis = delay.end() == null ? delay.slowMillis() - delay.healthyMillis() : 0;
    job.delaySeconds.put(delay.place(), millis / TimeUnit.SECONDS.toMillis(1));
    show();
  }

  /** A plan is in force. */
  public synchronized void planned(TrainingPlan plan) {
    Job job = job(plan.trainingJobId());
    if (job != null) {
      job.plan = plan;
      show();
    }
  }

  /** A job runs here no longer. */
  public synchronized void ended(String jobId) {
    if (jobs.remove(jobId) != null) {
      show();
    }
  }

  private Job job(String jobId) {
    Job known = jobs.get(jobId);
    if (known == null && jobs.size() < MOST_JOBS) {
      known = new Job();
      jobs.put(jobId, known);
    }
    return known;
  }

  private void show() {
    List<MultiGauge.Row<?>> delayRows = new ArrayList<>();
    List<MultiGauge.Row<?>> scheduleRows = new ArrayList<>();
    jobs.forEach(
        (id, job) -> {
          job.delaySeconds.forEach(
              (place, seconds) ->
                  delayRows.add(MultiGauge.Row.of(Tags.of("job", id, "place", place), seconds)));
          if (job.plan != null) {
            scheduleRows.add(
                MultiGauge.Row.of(
                    Tags.of("job", id, "schedule", job.plan.name()), job.plan.number()));
          }
        });
    delays.register(delayRows, true);
    schedules.register(scheduleRows, true);
  }
}
