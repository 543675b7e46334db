package dev.fresco.planning.pipeline;

import java.util.List;

/**
 * The schedule that follows from a plan: Adaptra (arXiv:2504.19232), Algorithms 3 and 4.
 *
 * <p>Goal: an order for every stage in which delays that the plan absorbs leave no stage idle.
 *
 * <p>Constraints: linear in the operations times the stages.
 *
 * <p>Algorithm: the iteration is simulated with links that are delegated. A stage that is free runs
 * only forwards until its warm-up is spent. From then on it takes, of what is available, an input
 * gradient before a forward before a weight gradient; a forward is available only while fewer
 * activations than the warm-up wait for their input gradient.
 *
 * <p>Example: 2 stages, 3 microbatches, all times equal, warm-ups 3 and 1. Stage 0: F0 F1 F2 B0 W0
 * B1 W1 B2 W2; stage 1: F0 B0 F1 B1 F2 B2 W0 W1 W2.
 */
public final class AdaptiveSchedule {
  private AdaptiveSchedule() {}

  /**
   * The schedule of a plan.
   *
   * @throws IllegalArgumentException if the plan is for another number of stages
   */
  public static Schedule of(AdaptivePlan plan, PipelineShape shape) {
    List<Integer> warmups = plan.warmups();
    if (warmups.size() != shape.stages().size()) {
      throw new IllegalArgumentException(
          "the plan is for " + warmups.size() + " stages of " + shape.stages().size());
    }
    GreedyPipeline pipeline = new GreedyPipeline(shape);
    pipeline.run(warmups.stream().mapToInt(Integer::intValue).toArray());
    return pipeline.schedule();
  }
}
