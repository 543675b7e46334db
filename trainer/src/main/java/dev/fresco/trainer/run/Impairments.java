package dev.fresco.trainer.run;

import dev.fresco.trainer.link.LinkConditions;
import dev.fresco.trainer.spec.PipelineSpec;
import dev.fresco.trainer.stage.StageCommand;
import dev.fresco.trainer.stage.StageCommand.Impair;
import dev.fresco.trainer.stage.StageCommand.LinkGroup;
import dev.fresco.trainer.stage.StagePlace;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which hosts, and links between them, are to look slow, for experiments. It outlives the stages of
 * an attempt, and stays with the hosts when stages move.
 */
public final class Impairments {
  private final int hosts;
  private final Map<Way, LinkConditions> wanted = new ConcurrentHashMap<>();
  private final Map<Integer, Duration> paces = new ConcurrentHashMap<>();

  private record Way(int from, int to) {}

  Impairments(PipelineSpec pipeline) {
    this.hosts = pipeline.replicas() * pipeline.chunks().stages();
  }

  /**
   * Both directions between two hosts; may be called from any thread. At first, stage s of replica
   * r of a pipeline with S stages runs on host r S + s.
   *
   * @throws IllegalArgumentException if there is no such host
   */
  public void between(int one, int other, LinkConditions conditions) {
    oneWay(one, other, conditions);
    oneWay(other, one, conditions);
  }

  /** As {@link #between}, in one direction. */
  public void oneWay(int from, int to, LinkConditions conditions) {
    requireHost(from);
    requireHost(to);
    wanted.put(new Way(from, to), conditions);
  }

  /**
   * What each operation on a host takes at least; one that ends sooner is held for so long, as if a
   * slower device computed it. May be called from any thread.
   *
   * @param leastOperation not negative; zero for as fast as it goes
   * @throws IllegalArgumentException if there is no such host
   */
  public void pace(int host, Duration leastOperation) {
    requireHost(host);
    if (leastOperation.isNegative()) {
      throw new IllegalArgumentException(
          "leastOperation is " + leastOperation + "; the least is 0");
    }
    paces.put(host, leastOperation);
  }

  private void requireHost(int host) {
    if (host < 0 || host >= hosts) {
      throw new IllegalArgumentException(
          "host is %d; the run has %d, from 0".formatted(host, hosts));
    }
  }

  /** Tells new stages all, and later what has changed. */
  Told tell(StageCrew crew, Placement placement) {
    return new Told(crew, placement);
  }

  final class Told {
    private final StageCrew crew;
    private final Placement placement;
    private final Map<Way, LinkConditions> told = new HashMap<>();
    private final Map<Integer, Duration> toldPaces = new HashMap<>();

    private Told(StageCrew crew, Placement placement) {
      this.crew = crew;
      this.placement = placement;
    }

    void update() {
      wanted.forEach(
          (way, conditions) -> {
            if (!conditions.equals(told.put(way, conditions))) {
              tell(placement.placeOf(way.from()), placement.placeOf(way.to()), conditions);
            }
          });
      paces.forEach(
          (host, pace) -> {
            if (!pace.equals(toldPaces.put(host, pace))) {
              crew.impair(placement.placeOf(host), new StageCommand.Pace(pace));
            }
          });
    }

    /** Stages of different replicas talk only if they are the same stage. */
    private void tell(StagePlace from, StagePlace to, LinkConditions conditions) {
      if (from.replica() == to.replica()) {
        crew.impair(from, new Impair(LinkGroup.PIPELINE, to.stage(), conditions));
      } else if (from.stage() == to.stage()) {
        crew.impair(from, new Impair(LinkGroup.REPLICAS, to.replica(), conditions));
      }
    }
  }
}
