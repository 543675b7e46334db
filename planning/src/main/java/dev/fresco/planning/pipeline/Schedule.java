package dev.fresco.planning.pipeline;

import dev.fresco.contracts.Require;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What each stage computes in an iteration, in this order.
 *
 * <p>Any order can be written down; {@link ScheduleCheck} says whether it can be carried out.
 *
 * @param microbatches at least 1
 * @param stages for each stage its operations
 */
public record Schedule(int microbatches, ModelChunks chunks, List<List<Operation>> stages) {
  public Schedule {
    Require.atLeast("microbatches", microbatches, 1);
    Require.present("chunks", chunks);
    stages = stages.stream().map(List::copyOf).toList();
    if (stages.size() != chunks.stages()) {
      throw new IllegalArgumentException(
          "there are orders for " + stages.size() + " of " + chunks.stages() + " stages");
    }
    for (List<Operation> stage : stages) {
      for (Operation operation : stage) {
        if (operation.microbatch() >= microbatches || operation.chunk() >= chunks.perStage()) {
          throw new IllegalArgumentException(
              operation
                  + " is none of "
                  + microbatches
                  + " microbatches and "
                  + chunks.perStage()
                  + " chunks a stage");
        }
      }
    }
  }

  /**
   * The same orders without the later microbatches. What could be carried out still can be, as no
   * operation waits for another microbatch's.
   */
  Schedule firstMicrobatches(int count) {
    return new Schedule(
        count,
        chunks,
        stages.stream()
            .map(stage -> stage.stream().filter(one -> one.microbatch() < count).toList())
            .toList());
  }

  /**
   * The most activations that a stage holds at a time, in those of whole microbatches, each from
   * its forward to its input gradient.
   */
  public double peakActivations(int stage) {
    return peak(stage, Operation.Kind::makesInputGradient);
  }

  /** As {@link #peakActivations}, but each is held until its weight gradient. */
  public double peakUntilWeightGradient(int stage) {
    return peak(stage, Operation.Kind::makesWeightGradient);
  }

  private double peak(int stage, Predicate<Operation.Kind> letsGo) {
    int held = 0;
    int most = 0;
    for (Operation operation : stages.get(stage)) {
      if (operation.kind() == Operation.Kind.FORWARD) {
        held++;
        most = Math.max(most, held);
      } else if (letsGo.test(operation.kind())) {
        held--;
      }
    }
    return (double) most / chunks.perStage();
  }

  /** A line for each stage, such as {@code F0 F1 B0 W0 B1 W1}. */
  @Override
  public String toString() {
    return stages.stream()
        .map(stage -> stage.stream().map(Operation::toString).collect(Collectors.joining(" ")))
        .collect(Collectors.joining("\n"));
  }
}
