package dev.fresco.benchmarks.pipeline;

import dev.fresco.planning.pipeline.PipelineShape;
import dev.fresco.planning.pipeline.ScheduleSimulation;
import java.util.List;

/**
 * How long the operations of the paper's models took, from what it says about 1F1B.
 *
 * <p>Algorithm: of all whole tenths of a millisecond, the one with the least sum of squared
 * relative differences between 1F1B in the simulator, on blocking links, and the paper's 1F1B.
 */
final class OperationFit {
  private static final int MOST_TENTHS = 300;

  private OperationFit() {}

  /** Milliseconds of each operation that fit these cases best. */
  static double millis(List<SlowLinks> cases) {
    double best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int tenths = 1; tenths <= MOST_TENTHS; tenths++) {
      double millis = tenths / 10.0;
      double sum = cases.stream().mapToDouble(each -> squared(excess(each, millis))).sum();
      if (sum < least) {
        least = sum;
        best = millis;
      }
    }
    return best;
  }

  /** By how much 1F1B takes longer in the simulator than the paper measured, .1 for a tenth. */
  static double excess(SlowLinks slow, double operationMillis) {
    PipelineShape shape = slow.shape(operationMillis);
    double seconds =
        ScheduleSimulation.run(Way.ONE_FORWARD_ONE_BACKWARD.schedule(shape), shape).makespan()
            / 1000;
    return seconds / slow.paper().orElseThrow().oneForwardOneBackward() - 1;
  }

  private static double squared(double value) {
    return value * value;
  }
}
