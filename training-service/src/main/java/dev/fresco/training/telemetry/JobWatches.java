package dev.fresco.training.telemetry;

import dev.fresco.contracts.training.TrainingJob;
import dev.fresco.contracts.training.TrainingTelemetry;
import dev.fresco.planning.training.Reception;
import dev.fresco.planning.training.TelemetryCheck;
import dev.fresco.platform.catalogue.Catalogue;
import dev.fresco.platform.catalogue.CatalogueConfiguration;
import dev.fresco.platform.event.EventNotSentException;
import dev.fresco.platform.event.EventPublisher;
import dev.fresco.training.config.TrainingMeters;
import dev.fresco.training.plan.TrainingPlans;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The watches of all jobs whose telemetry comes to this process. What a watch decides is sent in
 * order; while Kafka takes nothing, it waits here and is sent with the next report.
 */
@Component
public final class JobWatches {
  private static final Logger log = LoggerFactory.getLogger(JobWatches.class);

  /** Of those that were idle the longest, a watch begins anew when its job goes on. */
  private static final int MOST_WATCHES = 1_000;

  private final Catalogue<TrainingJob> jobs;
  private final TrainingPlans plans;
  private final EventPublisher events;
  private final CatalogueConfiguration.Settings settings;
  private final TrainingMeters meters;
  private final Clock clock;
  private final Map<String, JobWatch> watches = new LinkedHashMap<>(16, .75f, true);
  private final Deque<Waiting> waiting = new ArrayDeque<>();

  private record Waiting(String jobId, JobWatch.Outgoing outgoing) {}

  JobWatches(
      Catalogue<TrainingJob> jobs,
      TrainingPlans plans,
      EventPublisher events,
      CatalogueConfiguration.Settings settings,
      TrainingMeters meters,
      Clock clock) {
    this.jobs = jobs;
    this.plans = plans;
    this.events = events;
    this.settings = settings;
    this.meters = meters;
    this.clock = clock;
  }

  /**
   * Takes a report.
   *
   * @param partition from which it came
   */
  public synchronized void take(TrainingTelemetry report, int partition) {
    TrainingJob job = jobs.find(report.trainingJobId()).orElse(null);
    String result = result(job, report);
    if (result == null) {
      JobWatch watch = watch(job, partition);
      JobWatch.Outcome outcome = watch.take(job, report, clock.instant());
      outcome.outgoing().forEach(one -> waiting.add(new Waiting(job.id(), one)));
      meter(job, watch, outcome);
      result = name(outcome.observation().reception());
    }
    meters.reported(result);
    send();
  }

  /** Why a report is not used, or null. */
  private String result(TrainingJob job, TrainingTelemetry report) {
    if (job == null) {
      return "unknown_job";
    }
    if (job.state().hasEnded()) {
      watches.remove(job.id());
      meters.ended(job.id());
      return "ended_job";
    }
    return TelemetryCheck.problems(job, report).isEmpty() ? null : "impossible";
  }

  private static String name(Reception reception) {
    return switch (reception) {
      case NEW -> "new";
      case REPEATED -> "repeated";
      case LATE -> "late";
    };
  }

  private JobWatch watch(TrainingJob job, int partition) {
    JobWatch known = watches.get(job.id());
    if (known != null) {
      return known;
    }
    JobWatch watch = new JobWatch(partition, job, plans.of(job));
    watches.put(job.id(), watch);
    meters.planned(watch.plan());
    if (watches.size() > MOST_WATCHES) {
      Iterator<String> oldest = watches.keySet().iterator();
      meters.ended(oldest.next());
      oldest.remove();
    }
    return watch;
  }

  private void meter(TrainingJob job, JobWatch watch, JobWatch.Outcome outcome) {
    outcome.observation().progress().ifPresent(one -> meters.iterated(job.kind(), one));
    outcome.observation().delays().forEach(delay -> meters.delayed(job.id(), delay));
    if (outcome.observation().plan().isPresent()) {
      meters.planned(watch.plan());
    }
  }

  private void send() {
    while (!waiting.isEmpty()) {
      Waiting next = waiting.peek();
      try {
        events.publishAndWait(
            next.outgoing().topic(),
            next.jobId(),
            next.outgoing().record(),
            settings.publishLimit());
      } catch (EventNotSentException e) {
        log.warn("{} records about training jobs wait for Kafka", waiting.size(), e);
        return;
      }
      waiting.remove();
    }
  }

  /** Drops the watches of a partition that another process goes on with. */
  public synchronized void forget(int partition) {
    List<String> gone = new ArrayList<>();
    watches.forEach(
        (id, watch) -> {
          if (watch.partition() == partition) {
            gone.add(id);
          }
        });
    gone.forEach(
        id -> {
          watches.remove(id);
          meters.ended(id);
        });
  }
}
