package dev.fresco.trainer.stage;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.fresco.planning.pipeline.Operation;
import dev.fresco.trainer.link.LinkConditions;
import dev.fresco.trainer.spec.TrainingSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What the coordinator tells a stage. {@link Open} and {@link Connect} come first, once each; the
 * others in any order, and are carried out in that order.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "command")
public sealed interface StageCommand {
  /**
   * Get ready to be connected; answered by {@link StageAnswer.Opened}.
   *
   * @param job name of the run
   * @param token that the stages know each other by
   * @param takeLimit for how long a message of another stage may be waited for
   */
  record Open(String job, String token, Duration takeLimit, TrainingSpec spec)
      implements StageCommand {
    /** Without the token. */
    @Override
    public String toString() {
      return "Open[job=" + job + ", spec=" + spec + "]";
    }
  }

  /**
   * Connect with the others and take up the weights; answered by {@link StageAnswer.Ready}.
   *
   * @param stagePorts of this replica's stages, by stage, on this machine
   * @param replicaPorts of this stage in all replicas, by replica
   * @param checkpoint folder to read, or null to start anew
   */
  record Connect(
      Map<Integer, Integer> stagePorts, Map<Integer, Integer> replicaPorts, String checkpoint)
      implements StageCommand {}

  /**
   * From the next iteration on.
   *
   * @param order of all operations
   * @param delegatesByStage how many each link from here has, by receiver; 0 or none blocks
   */
  record UsePlan(List<Operation> order, Map<Integer, Integer> delegatesByStage)
      implements StageCommand {}

  /** Run the passes of an iteration; answered by {@link StageAnswer.Computed}. */
  record Iterate(long iteration) implements StageCommand {}

  /** Step the weights by the sums of gradients times a scale. */
  record Step(long iteration, double scale) implements StageCommand {}

  /** Write this stage's files of a checkpoint; answered by {@link StageAnswer.Saved}. */
  record Save(long iteration, String folder) implements StageCommand {}

  /**
   * Emulate conditions on a link from here.
   *
   * @param to the receiving stage, or replica
   */
  record Impair(LinkGroup group, int to, LinkConditions conditions) implements StageCommand {}

  /**
   * Make operations look as if a slower device computed them.
   *
   * @param leastOperation an operation that ends sooner is held for so long; zero for none
   */
  record Pace(Duration leastOperation) implements StageCommand {}

  /** End. */
  record Stop() implements StageCommand {}

  /** Which of a stage's links. */
  enum LinkGroup {
    /** To the other stages of its replica. */
    PIPELINE,
    /** To the same stage of the other replicas. */
    REPLICAS
  }
}
