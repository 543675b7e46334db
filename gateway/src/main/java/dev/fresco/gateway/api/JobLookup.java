package dev.fresco.gateway.api;

import dev.fresco.gateway.admission.CallerTenant;
import dev.fresco.gateway.view.Completeness;
import dev.fresco.gateway.view.JobIds;
import dev.fresco.gateway.view.JobView;
import dev.fresco.gateway.view.JobViews;
import dev.fresco.platform.web.ProblemException;
import java.time.Duration;
import org.springframework.stereotype.Component;

/** Finds the caller's jobs. */
@Component
class JobLookup {
  private final JobViews views;
  private final CallerTenant tenant;
  private final Completeness completeness;

  JobLookup(JobViews views, CallerTenant tenant, Completeness completeness) {
    this.completeness = completeness;
    this.views = views;
    this.tenant = tenant;
  }

  /**
   * @throws ProblemException 404 if the caller has no such job; 503 while its view is being rebuilt
   */
  JobView get(String id) {
    if (!JobIds.isJobId(id)) {
      throw ProblemException.notFound("job", id);
    }
    JobView view = views.find(tenant.current(), id).orElseThrow(() -> unknown(id));
    if (!view.hasRequest()) {
      throw ProblemException.unavailable(
          "the view of job " + id + " is being rebuilt", Duration.ofSeconds(1));
    }
    return view;
  }

  private ProblemException unknown(String id) {
    completeness.require();
    return ProblemException.notFound("job", id);
  }

  /** Whether the job is known to have ended. */
  boolean hasEnded(String id) {
    return views.find(tenant.current(), id).map(view -> view.state().isTerminal()).orElse(false);
  }

  JobBody body(JobView view) {
    return JobBody.of(view, views.queuePosition(view).orElse(null));
  }
}
