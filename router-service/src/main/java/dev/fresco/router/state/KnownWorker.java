package dev.fresco.router.state;

import dev.fresco.contracts.worker.WorkerStatus;
import dev.fresco.planning.cost.CostModel;
import dev.fresco.planning.cost.StepWork;
import dev.fresco.planning.routing.AtHand;
import dev.fresco.planning.routing.InFlight;
import dev.fresco.planning.routing.WorkerView;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One worker: its last status, and what the router has concluded from those before and from the
 * jobs that it gave it. Not safe for threads.
 */
final class KnownWorker {
  /** LoRA files that a worker is taken to keep: those of the jobs that it was given last. */
  private static final int ADAPTERS = 32;

  private final Set<String> adapters = new LinkedHashSet<>();
  private final Map<String, String> recordingByJob = new HashMap<>();
  private WorkerStatus status;
  private CostModel cost = CostModel.empty();
  private AtHand atHand;

  KnownWorker(WorkerStatus status) {
    this.status = status;
    look();
  }

  WorkerStatus status() {
    return status;
  }

  void seen(WorkerStatus next) {
    if (next.stepMillis() == 0) {
      // It has started again, perhaps elsewhere, with nothing in memory.
      cost = CostModel.empty();
      adapters.clear();
    } else if (next.stepMillis() != status.stepMillis() && !next.members().isEmpty()) {
      cost = cost.observed(work(next), next.stepMillis());
    }
    status = next;
    recordingByJob.values().removeIf(next.recordings()::contains);
    look();
  }

  /** In whole pictures: what of the batch is computed, and what is loaded. */
  private static StepWork work(WorkerStatus status) {
    double computed = status.members().stream().mapToDouble(WorkerStatus.Member::ratio).sum();
    return new StepWork(computed, Math.max(0, status.members().size() - computed));
  }

  void given(InFlight job, Set<String> neededAdapters) {
    adapters.removeAll(neededAdapters);
    adapters.addAll(neededAdapters);
    while (adapters.size() > ADAPTERS) {
      adapters.remove(adapters.iterator().next());
    }
    if (job.recording() != null) {
      recordingByJob.put(job.jobId(), job.recording());
    }
    look();
  }

  void ended(String jobId) {
    if (recordingByJob.remove(jobId) != null) {
      look();
    }
  }

  private void look() {
    atHand =
        new AtHand(
            Set.copyOf(status.recordings()), new HashSet<>(recordingByJob.values()), adapters);
  }

  WorkerView view(List<InFlight> inFlight) {
    return new WorkerView(status, inFlight, false, atHand, cost.steps() > 0 ? cost.cost() : null);
  }

  /** How well its steps are foreseen, 0 to 1. */
  double rSquared() {
    return cost.rSquared();
  }
}
