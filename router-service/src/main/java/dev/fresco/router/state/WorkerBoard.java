package dev.fresco.router.state;

import dev.fresco.contracts.worker.ModelCard;
import dev.fresco.contracts.worker.WorkerStatus;
import dev.fresco.planning.routing.Fleet;
import dev.fresco.planning.routing.InFlight;
import dev.fresco.planning.routing.WorkerView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What workers last said, and what they were given since. A job counts as in flight until some
 * worker's status names it (its partition may have moved to another one) or it has ended. Not safe
 * for threads.
 */
public final class WorkerBoard {
  private final Map<String, KnownWorker> workers = new HashMap<>();
  private final Map<String, Instant> announcedModels = new HashMap<>();
  private final Map<String, Given> inFlight = new LinkedHashMap<>();

  private final Duration modelMemory;

  /**
   * @param modelMemory how long a model counts as announced after a worker last named it; the topic
   *     keeps the last word of workers that will never return
   */
  public WorkerBoard(Duration modelMemory) {
    this.modelMemory = modelMemory;
  }

  private record Given(String workerId, InFlight job) {}

  /** A worker's new status. */
  public void seen(WorkerStatus status) {
    KnownWorker known = workers.get(status.workerId());
    if (known == null) {
      workers.put(status.workerId(), new KnownWorker(status));
    } else {
      known.seen(status);
    }
    for (ModelCard model : status.models()) {
      announcedModels.merge(
          model.id(), status.at(), (one, other) -> one.isAfter(other) ? one : other);
    }
    status.members().forEach(member -> inFlight.remove(member.jobId()));
    status.waiting().forEach(waiting -> inFlight.remove(waiting.jobId()));
  }

  /** A worker took its status back. */
  public void gone(String workerId) {
    workers.remove(workerId);
  }

  /**
   * A worker was given a job, and no status may name it already.
   *
   * @param adapters sha256 of its LoRA files
   */
  public void given(String workerId, InFlight job, Set<String> adapters) {
    KnownWorker known = workers.get(workerId);
    if (known != null) {
      known.given(job, adapters);
    }
    if (workers.values().stream().noneMatch(worker -> names(worker.status(), job.jobId()))) {
      inFlight.put(job.jobId(), new Given(workerId, job));
    }
  }

  public void ended(String jobId) {
    inFlight.remove(jobId);
    workers.values().forEach(worker -> worker.ended(jobId));
  }

  /** Forgets what was given, not what workers said. */
  void forgetGiven() {
    inFlight.clear();
  }

  /** The moment as an immutable value. */
  public Fleet fleet(Instant now) {
    Map<String, List<InFlight>> byWorker = new HashMap<>();
    inFlight
        .values()
        .forEach(
            given ->
                byWorker
                    .computeIfAbsent(given.workerId(), id -> new ArrayList<>())
                    .add(given.job()));
    Map<String, WorkerView> views = new HashMap<>();
    workers.forEach(
        (id, worker) -> views.put(id, worker.view(byWorker.getOrDefault(id, List.of()))));
    announcedModels.values().removeIf(last -> last.plus(modelMemory).isBefore(now));
    return new Fleet(views, announcedModels.keySet());
  }

  /** How well the workers' steps are foreseen, 0 to 1: the mean of all workers. */
  public double rSquared() {
    return workers.values().stream().mapToDouble(KnownWorker::rSquared).average().orElse(0);
  }

  private static boolean names(WorkerStatus status, String jobId) {
    return status.members().stream().anyMatch(member -> member.jobId().equals(jobId))
        || status.waiting().stream().anyMatch(waiting -> waiting.jobId().equals(jobId));
  }
}
