package dev.fresco.gateway.admission;

import dev.fresco.contracts.ErrorCode;
import dev.fresco.contracts.Topics;
import dev.fresco.contracts.job.JobRequest;
import dev.fresco.contracts.job.JobRequested;
import dev.fresco.contracts.job.JobRequested.Idempotency;
import dev.fresco.gateway.config.GatewaySettings;
import dev.fresco.gateway.view.JobIds;
import dev.fresco.gateway.view.JobViews;
import dev.fresco.gateway.view.ViewWriter;
import dev.fresco.platform.event.EventPublisher;
import dev.fresco.platform.web.ProblemException;
import java.time.Clock;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * Takes jobs in. A job is accepted once Kafka has it, and only then: whoever dies before has
 * promised nothing, whoever dies after has nothing left to do that the projection does not do.
 */
@Component
public class JobAdmission {
  private static final Logger log = LoggerFactory.getLogger(JobAdmission.class);

  private final FormCheck check;
  private final IdempotencyKeys keys;
  private final JobIds ids;
  private final Sending sending;
  private final Clock clock;

  JobAdmission(FormCheck check, IdempotencyKeys keys, JobIds ids, Sending sending, Clock clock) {
    this.check = check;
    this.keys = keys;
    this.ids = ids;
    this.sending = sending;
    this.clock = clock;
  }

  /**
   * An accepted job.
   *
   * @param replayed whether an earlier call with the same idempotency key had it accepted
   */
  public record Accepted(JobRequested job, boolean replayed) {}

  /**
   * Accepts a job, or finds the one that the key stands for.
   *
   * @param key the idempotency key, or null
   * @throws ProblemException if it is not accepted; then nothing has changed
   */
  public Accepted accept(String tenant, JobBodyText body, String key) {
    Idempotency idempotency =
        key == null ? null : new Idempotency(IdempotencyKey.checked(key), body.fingerprint());
    Optional<JobRequested> earlier =
        idempotency == null ? Optional.empty() : keys.find(tenant, key);
    if (earlier.isPresent()) {
      return replay(earlier.get(), idempotency);
    }
    JobRequest request = check.request(body);
    JobRequested job = new JobRequested(ids.next(), tenant, clock.instant(), request, idempotency);
    Optional<JobRequested> meanwhile = idempotency == null ? Optional.empty() : keys.take(job);
    if (meanwhile.isPresent()) {
      return replay(meanwhile.get(), idempotency);
    }
    sending.send(job);
    return new Accepted(job, false);
  }

  private Accepted replay(JobRequested earlier, Idempotency idempotency) {
    if (!earlier.idempotency().fingerprint().equals(idempotency.fingerprint())) {
      throw ProblemException.of(
          HttpStatus.CONFLICT,
          ErrorCode.IDEMPOTENCY_KEY_REUSED,
          "Idempotency-Key "
              + idempotency.key()
              + " stands for another request, job "
              + earlier.jobId());
    }
    sending.sendUnlessSeen(earlier);
    return new Accepted(earlier, true);
  }

  /** Puts a job into Kafka, then at once into the views so that the next call finds it. */
  @Component
  static class Sending {
    private final EventPublisher events;
    private final GatewaySettings settings;
    private final ViewWriter writer;
    private final JobViews views;

    Sending(EventPublisher events, GatewaySettings settings, ViewWriter writer, JobViews views) {
      this.events = events;
      this.settings = settings;
      this.writer = writer;
      this.views = views;
    }

    void send(JobRequested job) {
      events.publishAndWait(Topics.JOBS_REQUESTED, job.jobId(), job, settings.sendLimit());
      try {
        writer.write(job, null);
      } catch (DataAccessException e) {
        log.warn(
            "{} is accepted; its view follows when Redis answers: {}", job.jobId(), e.toString());
      }
    }

    /** Without a view the job may never have reached Kafka: its sender died, or still waits. */
    void sendUnlessSeen(JobRequested job) {
      if (views.find(job.tenant(), job.jobId()).isEmpty()) {
        send(job);
      }
    }
  }
}
