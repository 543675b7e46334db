package dev.fresco.planning.pipeline;

import dev.fresco.planning.pipeline.Operation.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * 1F1B (PipeDream-Flush, arXiv:2006.09503): as few activations as keep a pipeline going.
 *
 * <p>Constraints: stage i of S holds at most S - i activations; both gradients are one operation.
 *
 * <p>Algorithm: S - 1 - i forwards, then a forward and a backward in turn, then the backwards that
 * are left. With equal stages that take T for a microbatch, the iteration lasts (N + S - 1) T.
 *
 * <p>Example: 2 stages, 3 microbatches. Stage 0: F0 F1 BW0 F2 BW1 BW2; stage 1: F0 BW0 F1 BW1 F2
 * BW2.
 */
public final class OneForwardOneBackward {
  private OneForwardOneBackward() {}

  /**
   * The schedule.
   *
   * @param stages at least 1
   * @param microbatches at least 1
   */
  public static Schedule schedule(int stages, int microbatches) {
    ModelChunks chunks = ModelChunks.onePerStage(stages);
    List<List<Operation>> orders = new ArrayList<>();
    for (int stage = 0; stage < stages; stage++) {
      orders.add(order(Math.min(microbatches, stages - 1 - stage), microbatches));
    }
    return new Schedule(microbatches, chunks, orders);
  }

  private static List<Operation> order(int warmup, int microbatches) {
    StageOrder order = new StageOrder(1);
    while (order.count(Kind.FORWARD) < warmup) {
      order.add(Kind.FORWARD);
    }
    while (order.count(Kind.BACKWARD) < microbatches) {
      if (order.count(Kind.FORWARD) < microbatches) {
        order.add(Kind.FORWARD);
      }
      order.add(Kind.BACKWARD);
    }
    return order.operations();
  }
}
