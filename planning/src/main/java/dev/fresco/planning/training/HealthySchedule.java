package dev.fresco.planning.training;

import dev.fresco.contracts.training.TrainingJob;
import dev.fresco.contracts.training.TrainingPlan;
import dev.fresco.planning.pipeline.AdaptiveSearch;
import dev.fresco.planning.pipeline.OneForwardOneBackward;
import dev.fresco.planning.pipeline.PipelineShape;
import dev.fresco.planning.pipeline.Schedule;
import dev.fresco.planning.pipeline.StageCost;
import dev.fresco.planning.pipeline.ZeroBubble;
import java.time.Instant;
import java.util.Collections;
import java.util.List;

/**
 * What a job's pipeline does while nothing is slow.
 *
 * <p>It follows from the job alone, so that it need not be kept: it is the job's first plan, and
 * the one that it goes back to. An adaptive job takes all operations of all stages for equally
 * long; no stage is ahead by more than the job's limit, and by 2 S - 1 microbatches of S stages if
 * it has none, with which equal stages have no bubble (ZB-2P, arXiv:2401.10241).
 */
public final class HealthySchedule {
  public static final String NAME = "healthy";

  /** Of a job's first plan. */
  public static final int FIRST_NUMBER = 0;

  private HealthySchedule() {}

  /** The schedule. */
  public static Schedule of(TrainingJob job) {
    return switch (job.schedule()) {
      case ADAPTIVE -> AdaptiveSearch.schedule(equalStages(job));
      case ONE_F_ONE_B -> OneForwardOneBackward.schedule(job.stages(), job.microbatches());
      case ZERO_BUBBLE_1P -> ZeroBubble.onePart(job.stages(), job.microbatches());
      case ZERO_BUBBLE_2P -> ZeroBubble.twoParts(job.stages(), job.microbatches());
    };
  }

  private static PipelineShape equalStages(TrainingJob job) {
    return PipelineShape.uniform(job.stages(), job.microbatches(), StageCost.of(1, 1, 1))
        .withMemoryLimit(memoryLimit(job));
  }

  /** By how many microbatches a stage is ahead at most. */
  static int memoryLimit(TrainingJob job) {
    int ahead = 2 * job.stages() - 1;
    return job.maxActivations() == null ? ahead : Math.min(ahead, job.maxActivations());
  }

  /** The job's first plan, in force from its creation. */
  public static TrainingPlan firstPlan(TrainingJob job) {
    return plan(job, FIRST_NUMBER, 0, job.createdAt(), null, "nothing is known to be slow");
  }

  /** A plan with this schedule, without delegates. */
  static TrainingPlan plan(
      TrainingJob job, int number, long from, Instant at, List<Integer> hosts, String reason) {
    return new TrainingPlan(
        job.id(),
        at,
        number,
        from,
        NAME,
        ScheduleText.of(of(job)),
        Collections.nCopies(job.stages() - 1, 0),
        List.of(),
        hosts,
        reason);
  }
}
