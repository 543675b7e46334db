package dev.fresco.worker.edit;

import dev.fresco.planning.cacheload.ExactLoading;
import dev.fresco.planning.cacheload.Layer;
import dev.fresco.planning.cacheload.LoadPlan;
import dev.fresco.planning.cost.CostModel;
import dev.fresco.planning.cost.StepCost;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Which steps of an edit are worth loading from a storage.
 *
 * @param costs what steps cost as far as is known, by the work that {@link
 *     dev.fresco.worker.job.BatchRun#work} counts
 * @param bytesPerSecond of the storage; infinite if loading is not to be planned
 */
public record LoadingCosts(Supplier<CostModel> costs, double bytesPerSecond) {
  /** Before so many steps were seen, their costs are not known. */
  private static final int KNOWN = 8;

  /**
   * The shortest way through some steps for an edit that runs alone. A step is to the plan what a
   * layer is to InstGenIE's (arXiv:2505.20600, Algorithm 1): with the keys and values of the rest
   * recorded, a network cannot go on in full from the middle of a step.
   *
   * @param steps that are left
   * @param stepBytes of the recording
   */
  LoadPlan plan(EditTask task, int steps, double stepBytes) {
    CostModel known = costs.get();
    if (Double.isInfinite(bytesPerSecond) || known.steps() < KNOWN) {
      return new LoadPlan(Collections.nCopies(steps, true), 0);
    }
    StepCost cost = known.cost();
    double load = 1000 * stepBytes / bytesPerSecond;
    double masked = cost.millis(task.ratio() * task.load(), task.load());
    double dense = cost.millis(task.load(), 0);
    List<Layer> layers =
        IntStream.range(0, steps)
            .mapToObj(step -> new Layer("step " + step, masked, dense, load))
            .toList();
    return ExactLoading.plan(layers);
  }
}
