package dev.fresco.trainer.run;

import dev.fresco.trainer.link.LinkSample;
import dev.fresco.trainer.stage.OperationSample;
import dev.fresco.trainer.stage.StagePlace;
import java.util.List;

/**
 * What an iteration was.
 *
 * @param iteration from 0; after a restart those since the checkpoint are reported again
 * @param loss the mean over all microbatches of all replicas, with the weights before the step
 * @param gradientNorm of the mean gradient, before clipping
 * @param millis from its start until all gradients were there; the step of the iteration before is
 *     in it
 * @param plan the name of the one in force
 * @param bubbleRatio of stages' time in which they computed nothing, from 0 to 1, as {@link
 *     dev.fresco.planning.pipeline.Timeline#bubbleRatio} defines it
 * @param stages replica by replica
 */
public record IterationReport(
    long iteration,
    double loss,
    double gradientNorm,
    double millis,
    String plan,
    double bubbleRatio,
    List<StageSamples> stages) {
  public IterationReport {
    stages = List.copyOf(stages);
  }

  /**
   * What one stage took.
   *
   * @param operations without waits
   * @param transfers to other stages of the replica, without waits in queues
   * @param replicaTransfers of gradients to the same stage of other replicas
   */
  public record StageSamples(
      StagePlace place,
      List<OperationSample> operations,
      List<LinkSample> transfers,
      List<LinkSample> replicaTransfers) {
    public StageSamples {
      operations = List.copyOf(operations);
      transfers = List.copyOf(transfers);
      replicaTransfers = List.copyOf(replicaTransfers);
    }
  }
}
