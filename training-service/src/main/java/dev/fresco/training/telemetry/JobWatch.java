package dev.fresco.training.telemetry;

import dev.fresco.contracts.Topics;
import dev.fresco.contracts.training.TrainingDelay;
import dev.fresco.contracts.training.TrainingEvent;
import dev.fresco.contracts.training.TrainingJob;
import dev.fresco.contracts.training.TrainingKind;
import dev.fresco.contracts.training.TrainingPlan;
import dev.fresco.contracts.training.TrainingProgress;
import dev.fresco.contracts.training.TrainingTelemetry;
import dev.fresco.planning.training.PipelineWatch;
import dev.fresco.planning.training.PipelineWatch.Observation;
import dev.fresco.planning.training.ProgressPace;
import dev.fresco.planning.training.SilentStage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** One job's watch, and what is to be told of it. Belongs to one thread. */
final class JobWatch {
  private final int partition;
  private final PipelineWatch watch;
  private boolean startTold;
  private Instant progressTold;

  /**
   * @param partition of the telemetry from which its reports come
   * @param inForce the job's newest plan
   */
  JobWatch(int partition, TrainingJob job, TrainingPlan inForce) {
    this.partition = partition;
    this.watch = new PipelineWatch(job, inForce);
  }

  /** A record for a topic. */
  record Outgoing(String topic, Object record) {}

  /**
   * What came of a report.
   *
   * @param outgoing records in the order in which they have to be sent
   */
  record Outcome(Observation observation, List<Outgoing> outgoing) {}

  int partition() {
    return partition;
  }

  TrainingPlan plan() {
    return watch.plan();
  }

  /** Takes a report of a job that has not ended. */
  Outcome take(TrainingJob job, TrainingTelemetry report, Instant now) {
    Observation seen = watch.observe(report, now);
    List<Outgoing> outgoing = new ArrayList<>();
    start(job, now, outgoing);
    for (TrainingDelay delay : seen.delays()) {
      tell(
          delay.end() == null
              ? new TrainingEvent.Degraded(job.id(), now, delay)
              : new TrainingEvent.Healed(job.id(), now, delay),
          outgoing);
    }
    seen.plan().ifPresent(plan -> planned(plan, outgoing));
    for (SilentStage silent : seen.silent()) {
      tell(
          new TrainingEvent.Silent(
              job.id(), now, silent.replica(), silent.stage(), silent.iteration()),
          outgoing);
    }
    seen.progress().ifPresent(progress -> progressed(job, progress, now, outgoing));
    return new Outcome(seen, outgoing);
  }

  /** Whoever runs a job says himself when it starts, but for external trainers. */
  private void start(TrainingJob job, Instant now, List<Outgoing> outgoing) {
    if (job.state() != TrainingJob.State.CREATED) {
      startTold = false;
    } else if (job.kind() == TrainingKind.EXTERNAL && !startTold) {
      startTold = true;
      tell(new TrainingEvent.Started(job.id(), now), outgoing);
    }
  }

  private static void planned(TrainingPlan plan, List<Outgoing> outgoing) {
    outgoing.add(new Outgoing(Topics.TRAINING_PLANS, plan));
    tell(
        new TrainingEvent.Planned(
            plan.trainingJobId(), plan.at(), plan.number(), plan.fromIteration(), plan.reason()),
        outgoing);
  }

  private void progressed(
      TrainingJob job, TrainingProgress progress, Instant now, List<Outgoing> outgoing) {
    if (job.kind() != TrainingKind.EXTERNAL) {
      return;
    }
    boolean last = progress.iterationsDone() == job.iterations();
    Instant started = job.status().startedAt() == null ? now : job.status().startedAt();
    if (last || ProgressPace.isDue(started, progressTold, now)) {
      progressTold = now;
      tell(new TrainingEvent.Progressed(job.id(), now, progress), outgoing);
    }
    if (last) {
      tell(new TrainingEvent.Succeeded(job.id(), now, null), outgoing);
    }
  }

  private static void tell(TrainingEvent event, List<Outgoing> outgoing) {
    outgoing.add(new Outgoing(Topics.TRAINING_EVENTS, event));
  }
}
