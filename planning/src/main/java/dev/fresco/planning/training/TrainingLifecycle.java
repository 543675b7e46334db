package dev.fresco.planning.training;

import static dev.fresco.contracts.training.TrainingJob.State.CREATED;
import static dev.fresco.contracts.training.TrainingJob.State.FAILED;
import static dev.fresco.contracts.training.TrainingJob.State.RUNNING;
import static dev.fresco.contracts.training.TrainingJob.State.STOPPED;
import static dev.fresco.contracts.training.TrainingJob.State.STOPPING;
import static dev.fresco.contracts.training.TrainingJob.State.SUCCEEDED;

import dev.fresco.contracts.training.TrainingEvent;
import dev.fresco.contracts.training.TrainingJob;
import dev.fresco.contracts.training.TrainingJob.State;
import dev.fresco.contracts.training.TrainingStatus;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What an event makes of a training job.
 *
 * <p>Goal: every reader of {@code fresco.training.events} sees the same life of a job. Constraints:
 * events of a job have one order, but the call that stops a job, the runtime that runs it and the
 * telemetry of an external one write without knowing of each other. So an event that does not fit
 * the state changes nothing.
 *
 * <p>Example: a job is stopped while its last iteration ends. {@code STOPPING} goes to {@code
 * SUCCEEDED}; the {@code stopped} that follows is too late.
 */
public final class TrainingLifecycle {

  /** What an event is for the state. */
  public enum Step {
    START,
    STOP_REQUEST,
    STOP,
    SUCCESS,
    FAILURE,
    RESUMPTION,
    /** News of a job that runs; the state stays. */
    NEWS
  }

  // Where a job goes; what is not here changes nothing.
  private static final Map<State, Map<Step, State>> TABLE =
      Map.of(
          CREATED,
              Map.of(
                  Step.START, RUNNING,
                  Step.STOP_REQUEST, STOPPING,
                  Step.STOP, STOPPED,
                  Step.FAILURE, FAILED),
          RUNNING,
              Map.of(
                  Step.START, RUNNING,
                  Step.NEWS, RUNNING,
                  Step.STOP_REQUEST, STOPPING,
                  Step.STOP, STOPPED,
                  Step.SUCCESS, SUCCEEDED,
                  Step.FAILURE, FAILED),
          STOPPING,
              Map.of(
                  Step.NEWS, STOPPING,
                  Step.STOP, STOPPED,
                  Step.SUCCESS, SUCCEEDED,
                  Step.FAILURE, FAILED),
          STOPPED, Map.of(Step.RESUMPTION, CREATED),
          FAILED, Map.of(Step.RESUMPTION, CREATED),
          SUCCEEDED, Map.of());

  private static final Map<Class<? extends TrainingEvent>, Step> STEPS =
      Map.ofEntries(
          Map.entry(TrainingEvent.Started.class, Step.START),
          Map.entry(TrainingEvent.StopRequested.class, Step.STOP_REQUEST),
          Map.entry(TrainingEvent.Stopped.class, Step.STOP),
          Map.entry(TrainingEvent.Succeeded.class, Step.SUCCESS),
          Map.entry(TrainingEvent.Failed.class, Step.FAILURE),
          Map.entry(TrainingEvent.Resumed.class, Step.RESUMPTION),
          Map.entry(TrainingEvent.Progressed.class, Step.NEWS),
          Map.entry(TrainingEvent.Checkpointed.class, Step.NEWS),
          Map.entry(TrainingEvent.Planned.class, Step.NEWS),
          Map.entry(TrainingEvent.Degraded.class, Step.NEWS),
          Map.entry(TrainingEvent.Healed.class, Step.NEWS),
          Map.entry(TrainingEvent.Silent.class, Step.NEWS),
          Map.entry(TrainingEvent.Sampled.class, Step.NEWS),
          Map.entry(TrainingEvent.Restarted.class, Step.NEWS));

  private TrainingLifecycle() {}

  /** Where a step leads from a state; empty if it changes nothing. */
  public static Optional<State> next(State state, Step step) {
    return Optional.ofNullable(TABLE.get(state).get(step));
  }

  /** Whether an event means anything to a job in this state; what comes too late does not. */
  public static boolean fits(State state, TrainingEvent event) {
    Step step = STEPS.get(event.getClass());
    return step != null && next(state, step).isPresent();
  }

  /**
   * The job after an event; the same object if nothing changes.
   *
   * @param event any but {@code created}, which no job is there before
   */
  public static TrainingJob after(TrainingJob job, TrainingEvent event) {
    if (!fits(job.state(), event)) {
      return job;
    }
    State state = next(job.state(), STEPS.get(event.getClass())).orElseThrow();
    TrainingStatus status = status(job.status(), event);
    return state == job.state() && status == job.status()
        ? job
        : job.at(state, status, state == STOPPED ? event.at() : null);
  }

  private static TrainingStatus status(TrainingStatus status, TrainingEvent event) {
    Instant at = event.at();
    if (event instanceof TrainingEvent.Started) {
      return status.started(at);
    }
    if (event instanceof TrainingEvent.Progressed progressed) {
      return status.progressed(progressed.progress());
    }
    if (event instanceof TrainingEvent.Checkpointed checkpointed) {
      return status.checkpointed(checkpointed.iterations());
    }
    if (event instanceof TrainingEvent.Sampled sampled) {
      return status.sampled(sampled.objectKey());
    }
    if (event instanceof TrainingEvent.Stopped) {
      return status.ended(at, null);
    }
    if (event instanceof TrainingEvent.Succeeded succeeded) {
      return status.ended(at, null).published(succeeded.adapterId());
    }
    if (event instanceof TrainingEvent.Failed failed) {
      return status.ended(at, new TrainingStatus.Failure(failed.code(), failed.message()));
    }
    return event instanceof TrainingEvent.Resumed ? status.resumed() : status;
  }
}
