package dev.fresco.gateway.admission;

import dev.fresco.contracts.ErrorCode;
import dev.fresco.contracts.job.JobRequested;
import dev.fresco.contracts.job.JobRequested.Idempotency;
import dev.fresco.gateway.view.JobIds;
import dev.fresco.platform.web.ProblemException;
import java.time.Clock;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * Takes jobs in. A job is accepted once Kafka has it, and only then: whoever dies before has
 * promised nothing, whoever dies after has nothing left to do that the projection does not do.
 */
@Component
public class JobAdmission {
  private final FormCheck check;
  private final IdempotencyKeys keys;
  private final JobIds ids;
  private final JobInputs inputs;
  private final JobSending sending;
  private final Clock clock;

  JobAdmission(
      FormCheck check,
      IdempotencyKeys keys,
      JobIds ids,
      JobInputs inputs,
      JobSending sending,
      Clock clock) {
    this.check = check;
    this.keys = keys;
    this.ids = ids;
    this.inputs = inputs;
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
    if (idempotency != null) {
      Optional<JobRequested> earlier = keys.find(tenant, key);
      if (earlier.isPresent()) {
        return replay(earlier.get(), idempotency);
      }
    }
    String id = ids.next();
    SoundRequest sound = check.request(body, tenant, id);
    JobRequested job = new JobRequested(id, tenant, clock.instant(), sound.request(), idempotency);
    // Before the key is taken, since whoever finds it may send the job. Where Redis or Kafka do not
    // answer from here on the job may be sent all the same, so they are left where they are.
    inputs.store(sound.inputs());
    Optional<JobRequested> meanwhile = idempotency == null ? Optional.empty() : keys.take(job);
    if (meanwhile.isPresent()) {
      inputs.discard(sound.inputs());
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
}
