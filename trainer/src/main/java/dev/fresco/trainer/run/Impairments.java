package dev.fresco.trainer.run;

import dev.fresco.trainer.link.LinkConditions;
import dev.fresco.trainer.spec.PipelineSpec;
import dev.fresco.trainer.stage.StageCommand.Impair;
import dev.fresco.trainer.stage.StageCommand.LinkGroup;
import dev.fresco.trainer.stage.StagePlace;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Which links are to look slow, for experiments. It outlives the stages of an attempt. */
public final class Impairments {
  private final PipelineSpec pipeline;
  private final Map<Way, LinkConditions> wanted = new ConcurrentHashMap<>();

  /** From a stage to another, or to another replica. */
  private record Way(StagePlace from, LinkGroup group, int to) {}

  Impairments(PipelineSpec pipeline) {
    this.pipeline = pipeline;
  }

  /**
   * Both directions between a stage and the next of its replica.
   *
   * @param link from the stage of this number to the next
   * @throws IllegalArgumentException if there is no such replica or link
   */
  public void link(int replica, int link, LinkConditions conditions) {
    requireBelow("replica", replica, pipeline.replicas());
    requireBelow("link", link, pipeline.chunks().stages() - 1);
    wanted.put(new Way(new StagePlace(replica, link), LinkGroup.PIPELINE, link + 1), conditions);
    wanted.put(new Way(new StagePlace(replica, link + 1), LinkGroup.PIPELINE, link), conditions);
  }

  /**
   * Both directions between two replicas, for the gradients of one stage.
   *
   * @throws IllegalArgumentException if there is no such stage or replica
   */
  public void replicas(int stage, int one, int other, LinkConditions conditions) {
    requireBelow("stage", stage, pipeline.chunks().stages());
    requireBelow("replica", one, pipeline.replicas());
    requireBelow("replica", other, pipeline.replicas());
    wanted.put(new Way(new StagePlace(one, stage), LinkGroup.REPLICAS, other), conditions);
    wanted.put(new Way(new StagePlace(other, stage), LinkGroup.REPLICAS, one), conditions);
  }

  private static void requireBelow(String field, int value, int limit) {
    if (value < 0 || value >= limit) {
      throw new IllegalArgumentException(
          "%s is %d; there are %d, from 0".formatted(field, value, limit));
    }
  }

  /** Tells new stages, and later what has changed. */
  Told tell(StageCrew crew) {
    return new Told(crew);
  }

  final class Told {
    private final StageCrew crew;
    private final Map<Way, LinkConditions> told = new HashMap<>();

    private Told(StageCrew crew) {
      this.crew = crew;
    }

    void update() {
      wanted.forEach(
          (way, conditions) -> {
            if (!conditions.equals(told.put(way, conditions))) {
              crew.impair(way.from(), new Impair(way.group(), way.to(), conditions));
            }
          });
    }
  }
}
