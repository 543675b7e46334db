package dev.fresco.planning.routing;

import dev.fresco.contracts.ErrorCode;
import dev.fresco.contracts.Require;
import dev.fresco.contracts.worker.WorkerStatus;
import dev.fresco.planning.queue.PendingJob;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Chooses a worker for a job.
 *
 * <p>Goal: the earliest finish of this job.
 *
 * <p>Constraints: late binding, so only workers with room now; a live worker is one whose status is
 * not older than the limit; ties go to the smaller worker id.
 *
 * <p>Algorithm: among live workers that serve the model, take new jobs, own a partition and have
 * room, the least {@link WorkerView#stepsUntilDone} x step time.
 *
 * <p>Example: worker a is idle at 50 ms a step, worker b has one slot free at 20 ms a step: a job
 * of 10 steps goes to b, done in 200 ms instead of 500.
 *
 * @param workerTimeout age from which a status no longer counts
 * @param modelTimeout how long a job waits for a model that nobody has ever announced
 */
public record Routing(Duration workerTimeout, Duration modelTimeout) {
  /** Time of a step where no candidate has taken one yet; only differences matter then. */
  private static final double ASSUMED_STEP_MILLIS = 100;

  private static final String ROLE = "denoise";

  public Routing {
    Require.present("workerTimeout", workerTimeout);
    Require.present("modelTimeout", modelTimeout);
  }

  /** What becomes of the job at this moment. */
  public RoutingDecision choose(PendingJob job, Fleet fleet, Instant now) {
    Optional<WaitReason> closed = closed(job.model(), fleet, now);
    if (closed.isPresent()) {
      boolean giveUp = !now.isBefore(job.queuedAt().plus(modelTimeout));
      return closed.get() == WaitReason.MODEL_UNKNOWN && giveUp
          ? refuse(job)
          : new RoutingDecision.Wait(closed.get());
    }
    List<WorkerView> takers = takers(job.model(), fleet, now);
    return takers.stream()
        .filter(worker -> worker.fits(job.pictures()))
        .min(earliestFinish(job, takers))
        .<RoutingDecision>map(worker -> assign(job, worker, takers, now))
        .orElseGet(() -> new RoutingDecision.Wait(WaitReason.NO_ROOM));
  }

  /** Why no worker can take even one picture of a model, or nothing if one can. */
  public Optional<WaitReason> closed(String model, Fleet fleet, Instant now) {
    if (!fleet.announcedModels().contains(model)) {
      return Optional.of(WaitReason.MODEL_UNKNOWN);
    }
    if (fleet.views().stream().noneMatch(worker -> isLive(worker, now) && serves(worker, model))) {
      return Optional.of(WaitReason.WORKERS_DOWN);
    }
    List<WorkerView> takers = takers(model, fleet, now);
    if (takers.isEmpty()) {
      return Optional.of(WaitReason.WORKERS_CLOSED);
    }
    return takers.stream().anyMatch(WorkerView::isOpen)
        ? Optional.empty()
        : Optional.of(WaitReason.NO_ROOM);
  }

  /** The worker to keep free for a job that fits nowhere now: where it would end first. */
  public Optional<WorkerView> soonest(PendingJob job, Fleet fleet, Instant now) {
    List<WorkerView> takers = takers(job.model(), fleet, now);
    return takers.stream().filter(worker -> !worker.reserved()).min(earliestFinish(job, takers));
  }

  public boolean isLive(WorkerView worker, Instant now) {
    return !worker.status().at().plus(workerTimeout).isBefore(now);
  }

  private List<WorkerView> takers(String model, Fleet fleet, Instant now) {
    return fleet.views().stream()
        .filter(worker -> isLive(worker, now) && serves(worker, model))
        .filter(worker -> !worker.status().draining() && !worker.status().partitions().isEmpty())
        .toList();
  }

  private static boolean serves(WorkerView worker, String model) {
    return worker.status().roles().contains(ROLE) && worker.status().model(model) != null;
  }

  private static Comparator<WorkerView> earliestFinish(PendingJob job, List<WorkerView> takers) {
    double usual = usualStepMillis(takers);
    return Comparator.<WorkerView>comparingDouble(worker -> millisUntilDone(job, worker, usual))
        .thenComparing(WorkerView::workerId);
  }

  private static double millisUntilDone(PendingJob job, WorkerView worker, double usual) {
    double stepMillis = worker.status().stepMillis();
    return worker.stepsUntilDone(job.pictures(), job.steps())
        * (stepMillis > 0 ? stepMillis : usual);
  }

  /** What to assume of a worker that has taken no step yet: the mean of the others. */
  private static double usualStepMillis(List<WorkerView> takers) {
    return takers.stream()
        .map(WorkerView::status)
        .mapToDouble(WorkerStatus::stepMillis)
        .filter(millis -> millis > 0)
        .average()
        .orElse(ASSUMED_STEP_MILLIS);
  }

  private static RoutingDecision.Assign assign(
      PendingJob job, WorkerView worker, List<WorkerView> takers, Instant now) {
    List<Integer> partitions = worker.status().partitions();
    int partition = partitions.get(Math.floorMod(job.jobId().hashCode(), partitions.size()));
    double millis = millisUntilDone(job, worker, usualStepMillis(takers));
    return new RoutingDecision.Assign(
        worker.workerId(), partition, now.plusMillis(Math.round(millis)));
  }

  private RoutingDecision.Refuse refuse(PendingJob job) {
    return new RoutingDecision.Refuse(
        ErrorCode.MODEL_NOT_SERVED,
        "no worker has announced the model "
            + job.model()
            + " within "
            + modelTimeout.toMillis()
            + " ms (fresco.router.model-timeout)");
  }
}
