package dev.fresco.training.job;

import com.github.f4b6a3.ulid.UlidFactory;
import dev.fresco.contracts.Topics;
import dev.fresco.contracts.training.TrainingEvent;
import dev.fresco.contracts.training.TrainingJob;
import dev.fresco.platform.catalogue.Catalogue;
import dev.fresco.platform.catalogue.CatalogueConfiguration;
import dev.fresco.platform.catalogue.Change;
import dev.fresco.platform.catalogue.KeyedLocks;
import dev.fresco.platform.event.EventPublisher;
import dev.fresco.platform.web.ProblemException;
import dev.fresco.platform.web.Tenant;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.springframework.stereotype.Component;

/**
 * Creates and stops training jobs. A job exists once its event is in Kafka; nothing else is written
 * before.
 */
@Component
public final class TrainingRegistry {
  private final TrainingLimits limits;
  private final EventPublisher events;
  private final Catalogue<TrainingJob> catalogue;
  private final Clock clock;
  private final UlidFactory ids;
  private final Duration publishLimit;
  private final KeyedLocks locks = new KeyedLocks();

  public TrainingRegistry(
      TrainingLimits limits,
      EventPublisher events,
      Catalogue<TrainingJob> catalogue,
      Clock clock,
      UlidFactory ids,
      CatalogueConfiguration.Settings settings) {
    this.limits = limits;
    this.events = events;
    this.catalogue = catalogue;
    this.clock = clock;
    this.ids = ids;
    this.publishLimit = settings.publishLimit();
  }

  /**
   * Creates a job.
   *
   * @throws ProblemException 422 if it is wrong
   */
  public TrainingJob create(Tenant tenant, TrainingJobSpec spec) {
    spec.check(limits);
    Instant now = clock.instant();
    TrainingJob job =
        new TrainingJob(
            "trn_" + ids.create(now.toEpochMilli()),
            tenant.id(),
            spec.name(),
            spec.model(),
            spec.stages().intValueExact(),
            spec.microbatches().intValueExact(),
            spec.iterations().intValueExact(),
            spec.labels(),
            TrainingJob.State.CREATED,
            now,
            null);
    publish(new TrainingEvent.Created(job.id(), now, job), Change.put(job.id(), job));
    return job;
  }

  /**
   * @param changed false if the job had stopped before
   */
  public record Stop(TrainingJob job, boolean changed) {}

  /** Stops a job; one that has stopped is left as it is. */
  public Stop stop(Tenant tenant, String id) throws IOException {
    return locks.holding(
        id,
        () -> {
          TrainingJob job = get(tenant, id);
          Instant now = clock.instant();
          TrainingJob stopped = TrainingJobs.stopped(job, now);
          if (stopped == job) {
            return new Stop(job, false);
          }
          publish(new TrainingEvent.Stopped(id, now), Change.put(id, stopped));
          return new Stop(stopped, true);
        });
  }

  /**
   * A tenant's job.
   *
   * @throws ProblemException 404 if the tenant has none of this id
   */
  public TrainingJob get(Tenant tenant, String id) {
    return catalogue
        .find(id)
        .filter(job -> job.tenant().equals(tenant.id()))
        .orElseThrow(() -> ProblemException.notFound("training job", id));
  }

  private void publish(TrainingEvent event, Change<TrainingJob> change) {
    long offset =
        events.publishAndWait(Topics.TRAINING_EVENTS, event.trainingJobId(), event, publishLimit);
    catalogue.apply(change, offset);
  }
}
