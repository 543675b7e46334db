package dev.fresco.gateway.view;

import dev.fresco.contracts.job.JobEvent;
import dev.fresco.contracts.job.JobRequested;
import dev.fresco.contracts.job.JobState;
import dev.fresco.planning.job.JobLifecycle;
import dev.fresco.planning.job.JobLifecycle.Verdict;
import java.util.List;
import java.util.stream.Stream;

/**
 * All that is known of a job. Made of its {@link JobRequested} and its {@link JobEvent}s, which
 * come from two topics and so in any order between the two: taking them in commutes.
 *
 * @param requested null as long as only events have been seen
 * @param workerId the worker that has the job or had it last, or null
 * @param warnings about the request, from when the job started
 * @param ending null until the job has ended
 */
public record JobView(
    String id,
    JobRequested requested,
    JobState state,
    JobProgress progress,
    String workerId,
    List<String> warnings,
    JobEnding ending) {

  public JobView {
    warnings = warnings == null ? List.of() : List.copyOf(warnings);
  }

  /** A job of which nothing is known but its id. */
  public static JobView unknown(String id) {
    return new JobView(id, null, JobState.QUEUED, JobProgress.NONE, null, List.of(), null);
  }

  /** Whether the request has been seen; a view without it is not shown. */
  public boolean hasRequest() {
    return requested != null;
  }

  /** Takes in what was asked for. A request that is sent again says the same: the first stays. */
  public JobView with(JobRequested request) {
    if (hasRequest()) {
      return this;
    }
    JobProgress counted = progress.outOf(request.request().stepsTotal());
    JobProgress known = state == JobState.SUCCEEDED ? counted.complete() : counted;
    return new JobView(id, request, state, known, workerId, warnings, ending);
  }

  /** Takes in what happened; the same view if that is old news. */
  public JobView with(JobEvent event) {
    Verdict verdict = JobLifecycle.judge(state, event);
    return switch (verdict) {
      case LATE, ENDED -> this;
      case ADVANCE, REFRESH -> in(event.state(), event);
    };
  }

  private JobView in(JobState next, JobEvent event) {
    if (event instanceof JobEvent.Assigned assigned) {
      return new JobView(id, requested, next, progress, assigned.workerId(), warnings, null);
    }
    if (event instanceof JobEvent.Started started) {
      return new JobView(
          id, requested, next, progress, started.workerId(), started.warnings(), null);
    }
    if (event instanceof JobEvent.Step step) {
      return new JobView(id, requested, next, progress.with(step), workerId, warnings, null);
    }
    if (event instanceof JobEvent.Succeeded succeeded) {
      JobEnding ending = JobEnding.of(succeeded);
      return new JobView(id, requested, next, progress.complete(), workerId, warnings, ending);
    }
    if (event instanceof JobEvent.Failed failed) {
      return new JobView(id, requested, next, progress, workerId, warnings, JobEnding.of(failed));
    }
    JobEnding ending = next.isTerminal() ? JobEnding.at(event.at()) : null;
    return new JobView(id, requested, next, progress, workerId, warnings, ending);
  }

  /** The finished pictures; none before the job has succeeded. */
  public List<JobEvent.ImageResult> images() {
    return ending == null ? List.of() : ending.images();
  }

  /** What there is to say of the job, whether it was said at its start or at its end. */
  public List<String> allWarnings() {
    List<String> last = ending == null ? List.of() : ending.warnings();
    return Stream.concat(warnings.stream(), last.stream()).distinct().toList();
  }
}
