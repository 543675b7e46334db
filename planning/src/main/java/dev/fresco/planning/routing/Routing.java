package dev.fresco.planning.routing;

import dev.fresco.contracts.ErrorCode;
import dev.fresco.contracts.Require;
import dev.fresco.planning.queue.PendingJob;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Chooses a worker for a job.
 *
 * <p>Goal: the earliest finish of this job.
 *
 * <p>Constraints: late binding, so only workers with room now; a live worker is one whose status is
 * not older than the limit; ties go to the smaller worker id. Linear in the workers.
 *
 * <p>Algorithm: among live workers that serve the model, take new jobs, own a partition and have
 * room, the one whose batch, run ahead with the job in it, is done with the job first ({@link
 * BatchForecast}; InstGenIE, arXiv:2505.20600, Algorithm 2). The run ahead knows the masks of the
 * batch, the steps that are left, and what this worker's steps cost. An edit whose recording the
 * worker has counts with its mask; one whose recording another worker has is fetched first; one
 * whose recording nobody has counts as a whole picture, and as another one that makes the recording
 * unless that is under way there. Adapters that are not at hand are fetched first too.
 *
 * <p>Example: workers a and b take 20 ms a step and 80 more for each whole picture. In a's batch is
 * a picture of ratio 1, in b's there are two edits of .1 each. A job of 10 steps and ratio 1 is
 * done by a after 1,800 ms, by b after 1,160, so it goes to b, where there are more.
 *
 * @param workerTimeout age from which a status no longer counts
 * @param modelTimeout how long a job waits for a model that nobody has ever announced
 * @param fetchTime from a job's assignment until what its worker has to fetch for it is there
 */
public record Routing(Duration workerTimeout, Duration modelTimeout, Duration fetchTime) {
  private static final String ROLE = "denoise";

  public Routing {
    Require.present("workerTimeout", workerTimeout);
    Require.present("modelTimeout", modelTimeout);
    Require.present("fetchTime", fetchTime);
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
    Candidates candidates = new Candidates(takers(job.model(), fleet, now), job, fetchTime);
    return candidates
        .best(worker -> worker.fits(job.pictures()))
        .<RoutingDecision>map(best -> assign(job, best, candidates, now))
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
    return new Candidates(takers(job.model(), fleet, now), job, fetchTime)
        .best(worker -> !worker.reserved());
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

  private static RoutingDecision.Assign assign(
      PendingJob job, WorkerView worker, Candidates candidates, Instant now) {
    List<Integer> partitions = worker.status().partitions();
    int partition = partitions.get(Math.floorMod(job.jobId().hashCode(), partitions.size()));
    return new RoutingDecision.Assign(
        worker.workerId(),
        partition,
        now.plusMillis(Math.round(candidates.millisUntilDone(worker))),
        candidates.given(worker));
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
