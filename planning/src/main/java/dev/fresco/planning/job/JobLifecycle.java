package dev.fresco.planning.job;

import static dev.fresco.contracts.job.JobState.ASSIGNED;
import static dev.fresco.contracts.job.JobState.CANCELLED;
import static dev.fresco.contracts.job.JobState.EXPIRED;
import static dev.fresco.contracts.job.JobState.FAILED;
import static dev.fresco.contracts.job.JobState.QUEUED;
import static dev.fresco.contracts.job.JobState.RUNNING;
import static dev.fresco.contracts.job.JobState.SUCCEEDED;
import static dev.fresco.planning.job.JobLifecycle.Verdict.ADVANCE;
import static dev.fresco.planning.job.JobLifecycle.Verdict.ENDED;
import static dev.fresco.planning.job.JobLifecycle.Verdict.LATE;
import static dev.fresco.planning.job.JobLifecycle.Verdict.REFRESH;

import dev.fresco.contracts.job.JobEvent;
import dev.fresco.contracts.job.JobState;
import java.util.List;
import java.util.Map;

/**
 * What an event means for a job in a given state.
 *
 * <p>Goal: every reader of {@code fresco.jobs.events} sees the same life of a job. Constraints:
 * delivery is at least once, router and worker write without a common order, and a job may run
 * again on another worker. So a state may be skipped, a state never goes back, and of several
 * terminal events the first one counts.
 *
 * <p>Example: the worker's {@code started} overtakes the router's {@code assigned}. The job goes
 * from {@code QUEUED} to {@code RUNNING}; the {@code assigned} that follows is {@link
 * Verdict#LATE}.
 */
public final class JobLifecycle {

  /** What to do with an event. */
  public enum Verdict {
    /** The job goes into the event's state. */
    ADVANCE,
    /** The job is in that state already; the event's details are news all the same. */
    REFRESH,
    /** The job is past that state; nothing changes. */
    LATE,
    /** The job has ended; nothing changes. */
    ENDED
  }

  // Rows: where the job is. Columns: where the event would leave it, in the order of JobState.
  private static final Map<JobState, List<Verdict>> TABLE =
      Map.of(
          QUEUED, List.of(REFRESH, ADVANCE, ADVANCE, ADVANCE, ADVANCE, ADVANCE, ADVANCE),
          ASSIGNED, List.of(LATE, REFRESH, ADVANCE, ADVANCE, ADVANCE, ADVANCE, ADVANCE),
          RUNNING, List.of(LATE, LATE, REFRESH, ADVANCE, ADVANCE, ADVANCE, ADVANCE),
          SUCCEEDED, List.of(ENDED, ENDED, ENDED, ENDED, ENDED, ENDED, ENDED),
          FAILED, List.of(ENDED, ENDED, ENDED, ENDED, ENDED, ENDED, ENDED),
          CANCELLED, List.of(ENDED, ENDED, ENDED, ENDED, ENDED, ENDED, ENDED),
          EXPIRED, List.of(ENDED, ENDED, ENDED, ENDED, ENDED, ENDED, ENDED));

  private JobLifecycle() {}

  /** What {@code event} means for a job that is in {@code state}. */
  public static Verdict judge(JobState state, JobEvent event) {
    return TABLE.get(state).get(event.state().ordinal());
  }
}
