package dev.fresco.trainer.stage;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.fresco.trainer.link.LinkSample;
import java.util.List;
import java.util.SortedMap;

/** What a stage answers. */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "answer")
public sealed interface StageAnswer {
  /** It listens for the others, on ports of this machine. */
  record Opened(int stagePort, int replicaPort) implements StageAnswer {}

  /**
   * It can iterate.
   *
   * @param steps that are in its weights
   */
  record Ready(long steps) implements StageAnswer {}

  /**
   * An iteration's gradients are there, in the sums of all replicas.
   *
   * @param losses of this replica's microbatches, by number; empty but from the last piece's stage
   * @param squaredNorms of the sums, by piece
   */
  record Computed(
      long iteration,
      SortedMap<Integer, Double> losses,
      SortedMap<Integer, Double> squaredNorms,
      List<OperationSample> operations,
      List<LinkSample> transfers,
      List<LinkSample> replicaTransfers)
      implements StageAnswer {}

  /** Its files of a checkpoint are on the disk. */
  record Saved(long iteration) implements StageAnswer {}

  /** It has ended and cannot go on. */
  record Failed(String reason) implements StageAnswer {}
}
