package dev.fresco.training.job;

import com.github.f4b6a3.ulid.UlidFactory;
import dev.fresco.contracts.ErrorCode;
import dev.fresco.contracts.training.TrainingEvent;
import dev.fresco.contracts.training.TrainingJob;
import dev.fresco.contracts.training.TrainingKind;
import dev.fresco.platform.catalogue.Catalogue;
import dev.fresco.platform.catalogue.KeyedLocks;
import dev.fresco.platform.web.ProblemException;
import dev.fresco.platform.web.Tenant;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * Creates, stops and resumes training jobs. A job exists once its event is in Kafka; nothing else
 * is written before.
 */
@Component
public final class TrainingRegistry {
  private final TrainingLimits limits;
  private final TrainingJobEvents events;
  private final Catalogue<TrainingJob> catalogue;
  private final Clock clock;
  private final UlidFactory ids;
  private final KeyedLocks locks = new KeyedLocks();

  public TrainingRegistry(
      TrainingLimits limits,
      TrainingJobEvents events,
      Catalogue<TrainingJob> catalogue,
      Clock clock,
      UlidFactory ids) {
    this.limits = limits;
    this.events = events;
    this.catalogue = catalogue;
    this.clock = clock;
    this.ids = ids;
  }

  /** Rules for a job that look further than its fields. */
  @FunctionalInterface
  public interface Rules {
    /**
     * @throws ProblemException 422 naming what is wrong
     */
    void check(Tenant tenant, TrainingJob job) throws IOException;
  }

  /**
   * Creates a job.
   *
   * @throws ProblemException 422 if it is wrong
   */
  public TrainingJob create(Tenant tenant, TrainingJobSpec spec, Rules rules) throws IOException {
    spec.check(limits);
    Instant now = clock.instant();
    TrainingJob job = spec.job("trn_" + ids.create(now.toEpochMilli()), tenant.id(), now);
    rules.check(tenant, job);
    events.publishAndFollow(new TrainingEvent.Created(job.id(), now, job));
    return job;
  }

  /**
   * @param changed false if the job had stopped before, or was to stop
   */
  public record Stop(TrainingJob job, boolean changed) {}

  /**
   * Stops a job: at once if nothing of Fresco runs it, else after the iteration that runs. One that
   * has ended is left as it is.
   */
  public Stop stop(Tenant tenant, String id) throws IOException {
    return locks.holding(
        id,
        () -> {
          TrainingJob job = get(tenant, id);
          if (job.state().hasEnded() || job.state() == TrainingJob.State.STOPPING) {
            return new Stop(job, false);
          }
          Instant now = clock.instant();
          boolean atOnce = job.kind() == TrainingKind.EXTERNAL;
          events.publishAndFollow(
              atOnce
                  ? new TrainingEvent.Stopped(id, now)
                  : new TrainingEvent.StopRequested(id, now));
          return new Stop(get(tenant, id), true);
        });
  }

  /**
   * Has a job go on that was stopped or has failed, from its newest checkpoint.
   *
   * @throws ProblemException 409 if it is in another state
   */
  public TrainingJob resume(Tenant tenant, String id) throws IOException {
    return locks.holding(
        id,
        () -> {
          TrainingJob.State state = get(tenant, id).state();
          if (state != TrainingJob.State.STOPPED && state != TrainingJob.State.FAILED) {
            throw ProblemException.of(
                HttpStatus.CONFLICT,
                ErrorCode.CONFLICT,
                "the job is " + state + "; only a STOPPED or FAILED one can be resumed");
          }
          events.publishAndFollow(new TrainingEvent.Resumed(id, clock.instant()));
          return get(tenant, id);
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
}
