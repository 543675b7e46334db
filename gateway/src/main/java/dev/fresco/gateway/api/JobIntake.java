package dev.fresco.gateway.api;

import dev.fresco.contracts.ErrorCode;
import dev.fresco.contracts.job.JobRequested;
import dev.fresco.gateway.admission.CallerTenant;
import dev.fresco.gateway.admission.JobAdmission;
import dev.fresco.gateway.admission.JobAdmission.Accepted;
import dev.fresco.gateway.admission.JobBodyText;
import dev.fresco.gateway.config.GatewayMeters;
import dev.fresco.gateway.view.JobView;
import dev.fresco.gateway.view.JobViews;
import dev.fresco.platform.event.EventNotSentException;
import dev.fresco.platform.web.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/** Takes the calls that ask for jobs, wherever they come in, and answers them. */
@Component
class JobIntake {
  private static final Logger log = LoggerFactory.getLogger(JobIntake.class);

  private final JobBodies bodies;
  private final JobAdmission admission;
  private final JobViews views;
  private final CallerTenant tenant;
  private final GatewayMeters meters;

  JobIntake(
      JobBodies bodies,
      JobAdmission admission,
      JobViews views,
      CallerTenant tenant,
      GatewayMeters meters) {
    this.bodies = bodies;
    this.admission = admission;
    this.views = views;
    this.tenant = tenant;
    this.meters = meters;
  }

  /**
   * @param idempotencyKey as the caller sent it, or null
   * @param completing adds to the body what the call said in another place
   * @throws ProblemException if the job is not accepted; then nothing has changed
   */
  ResponseEntity<JobBody> take(
      HttpServletRequest call, String idempotencyKey, UnaryOperator<JobBodyText> completing)
      throws IOException {
    Accepted accepted;
    try (JobBodies.Body body = bodies.read(call)) {
      JobBodyText text = completing.apply(JobBodyText.parse(body.bytes()));
      accepted = admission.accept(tenant.current(), text, idempotencyKey);
    } catch (ProblemException e) {
      meters.rejected(e.code());
      throw e;
    } catch (EventNotSentException | DataAccessException e) {
      meters.rejected(ErrorCode.UNAVAILABLE);
      throw e;
    }
    JobView view = accepted.replayed() ? asItIs(accepted.job()) : asAccepted(accepted.job());
    ResponseEntity.BodyBuilder answer =
        ResponseEntity.accepted().location(URI.create(JobPaths.job(view.id())));
    if (accepted.replayed()) {
      answer.header("Idempotency-Replayed", "true");
    } else {
      meters.accepted(accepted.job().request().kind());
    }
    return answer.body(JobBody.of(view, positionIfKnown(view)));
  }

  private static JobView asAccepted(JobRequested job) {
    return JobView.unknown(job.jobId()).with(job);
  }

  private JobView asItIs(JobRequested job) {
    return views
        .find(job.tenant(), job.jobId())
        .filter(JobView::hasRequest)
        .orElseGet(() -> asAccepted(job));
  }

  /** The job is accepted whether or not Redis can tell its place in the queue. */
  private Integer positionIfKnown(JobView view) {
    try {
      return views.queuePosition(view).orElse(null);
    } catch (DataAccessException e) {
      log.debug("no position of {} in the queue", view.id(), e);
      return null;
    }
  }
}
