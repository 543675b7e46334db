package dev.fresco.planning.pipeline;

import dev.fresco.contracts.Require;
import dev.fresco.planning.pipeline.Operation.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Interleaved 1F1B (Megatron-LM, arXiv:2104.04473, section 2.2): smaller bubbles for more messages.
 *
 * <p>Constraints: each stage holds V chunks, in a loop; both gradients are one operation.
 *
 * <p>Algorithm: microbatches go in groups of S; a stage runs a group through its first chunk, then
 * through its second, and so on; backwards in the reverse order of chunks. Stage i starts with 2 (S
 * - 1 - i) + (V - 1) S forwards, then a forward and a backward in turn. With equal stages that take
 * T for a microbatch, the bubble is (S - 1) T / V. The last group is completed with microbatches
 * that do not exist, which are then left out.
 *
 * <p>Example: 2 stages, 2 chunks, 2 microbatches. Stage 0: F0 F1 F0.1 F1.1 BW0.1 BW1.1 BW0 BW1.
 */
public final class Interleaved {
  private Interleaved() {}

  /**
   * The schedule.
   *
   * @param stages at least 1
   * @param microbatches at least 1
   * @param perStage chunks, at least 2
   */
  public static Schedule schedule(int stages, int microbatches, int perStage) {
    Require.atLeast("stages", stages, 1);
    Require.atLeast("microbatches", microbatches, 1);
    Require.atLeast("perStage", perStage, 2);
    int groups = (microbatches + stages - 1) / stages;
    ModelChunks chunks = new ModelChunks(stages, perStage, ModelChunks.Layout.LOOP);
    List<List<Operation>> orders = new ArrayList<>();
    for (int stage = 0; stage < stages; stage++) {
      orders.add(order(chunks, stage, groups));
    }
    return new Schedule(groups * stages, chunks, orders).firstMicrobatches(microbatches);
  }

  private static List<Operation> order(ModelChunks chunks, int stage, int groups) {
    int total = groups * chunks.pieces();
    int warmup = 2 * (chunks.stages() - 1 - stage) + (chunks.perStage() - 1) * chunks.stages();
    int forwards = Math.min(total, warmup);
    List<Operation> order = new ArrayList<>();
    for (int i = 0; i < forwards; i++) {
      order.add(operation(Kind.FORWARD, i, chunks));
    }
    for (int i = 0; i < total; i++) {
      if (forwards < total) {
        order.add(operation(Kind.FORWARD, forwards++, chunks));
      }
      order.add(operation(Kind.BACKWARD, i, chunks));
    }
    return order;
  }

  /** The one of its kind that is at a place in the order of groups, chunks, members. */
  private static Operation operation(Kind kind, int place, ModelChunks chunks) {
    int group = place / chunks.pieces();
    int chunk = place % chunks.pieces() / chunks.stages();
    int member = place % chunks.stages();
    return new Operation(
        kind,
        group * chunks.stages() + member,
        kind == Kind.FORWARD ? chunk : chunks.perStage() - 1 - chunk);
  }
}
