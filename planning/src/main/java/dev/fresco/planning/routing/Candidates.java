package dev.fresco.planning.routing;

import dev.fresco.contracts.worker.ModelCard;
import dev.fresco.planning.cost.StepCost;
import dev.fresco.planning.queue.PendingJob;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Workers that could take a job, and when each would be done with it. Not safe for threads. */
final class Candidates {
  /** Where nobody has taken a step yet; only differences matter then. */
  private static final StepCost ASSUMED = new StepCost(50, 50, 0);

  private final List<WorkerView> workers;
  private final PendingJob job;
  private final double fetchMillis;
  private final BatchForecast forecast = new BatchForecast();
  private final StepCost usual;

  /** Workers serve a model mostly at one revision, so its id is that of the worker before. */
  private String revision;

  private String recordingId;
  private boolean recordedSomewhere;

  Candidates(List<WorkerView> workers, PendingJob job, Duration fetchTime) {
    this.workers = workers;
    this.job = job;
    fetchMillis = fetchTime.toMillis();
    usual = usual(workers);
  }

  /** The one that would be done first, of those that may take it; ties go to the smaller id. */
  Optional<WorkerView> best(Predicate<WorkerView> mayTake) {
    WorkerView best = null;
    double least = Double.POSITIVE_INFINITY;
    for (WorkerView worker : workers) {
      if (!mayTake.test(worker)) {
        continue;
      }
      double millis = millisUntilDone(worker);
      boolean first = millis == least && worker.workerId().compareTo(best.workerId()) < 0;
      if (best == null || millis < least || first) {
        best = worker;
        least = millis;
      }
    }
    return Optional.ofNullable(best);
  }

  /** From now until the job's last picture would be done. */
  double millisUntilDone(WorkerView worker) {
    forecast.start(worker, cost(worker));
    return forecast.finish(
        job.pictures(), job.steps(), ratio(worker), readyMillis(worker), records(worker));
  }

  /** How the job counts at a worker until the worker names it. */
  InFlight given(WorkerView worker) {
    String making = records(worker) ? recordingId : null;
    return new InFlight(job.jobId(), job.pictures(), job.steps(), ratio(worker), making);
  }

  private double ratio(WorkerView worker) {
    return job.needs().recording() == null || isRecordedFor(worker) ? job.needs().ratio() : 1;
  }

  private double readyMillis(WorkerView worker) {
    boolean complete =
        worker.atHand().adapters().containsAll(job.needs().adapters())
            && (job.needs().recording() == null
                || !isRecordedFor(worker)
                || worker.hasRecording(recordingId));
    return complete ? 0 : fetchMillis;
  }

  /** Whether the job would have to make its recording there. */
  private boolean records(WorkerView worker) {
    return job.needs().recording() != null
        && !isRecordedFor(worker)
        && !worker.isMaking(recordingId);
  }

  /** Whether the recording that the worker's revision needs is anywhere. */
  private boolean isRecordedFor(WorkerView worker) {
    ModelCard card = worker.status().model(job.model());
    if (!card.revision().equals(revision)) {
      revision = card.revision();
      recordingId = job.needs().recording().with(card).id();
      recordedSomewhere = workers.stream().anyMatch(other -> other.hasRecording(recordingId));
    }
    return recordedSomewhere;
  }

  private StepCost cost(WorkerView worker) {
    StepCost known = knownCost(worker);
    return known == null ? usual : known;
  }

  /** What was learnt of a worker's steps; or that each lasts as long as the last; or nothing. */
  private static StepCost knownCost(WorkerView worker) {
    double stepMillis = worker.status().stepMillis();
    if (worker.cost() == null && stepMillis > 0) {
      return new StepCost(stepMillis, 0, 0);
    }
    return worker.cost();
  }

  /** What to assume of a worker that has taken no step yet: the mean of the others. */
  private static StepCost usual(List<WorkerView> workers) {
    int known = 0;
    double constant = 0;
    double perOperation = 0;
    double perByte = 0;
    for (WorkerView worker : workers) {
      StepCost cost = knownCost(worker);
      if (cost != null) {
        known++;
        constant += cost.constantMillis();
        perOperation += cost.millisPerOperation();
        perByte += cost.millisPerByte();
      }
    }
    return known == 0
        ? ASSUMED
        : new StepCost(constant / known, perOperation / known, perByte / known);
  }
}
