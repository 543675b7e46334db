package dev.fresco.planning.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Pipelines by chance, for comparisons of schedules. */
public final class RandomPipelines {
  private RandomPipelines() {}

  /**
   * A case small enough for {@link OptimalMakespan}: 2 to 5 stages, 2 to 10 microbatches, times of
   * 2 to 20, and on about half of the links a delay of up to 40.
   */
  public static PipelineShape small(Random random) {
    int stages = 2 + random.nextInt(4);
    int microbatches = 2 + random.nextInt(9);
    List<StageCost> costs = new ArrayList<>();
    List<Link> links = new ArrayList<>();
    for (int i = 0; i < stages; i++) {
      costs.add(StageCost.of(time(random), time(random), time(random)));
      if (i > 0) {
        links.add(Link.delegated(random.nextBoolean() ? 40 * random.nextDouble() : 0));
      }
    }
    return new PipelineShape(microbatches, costs, links);
  }

  private static double time(Random random) {
    return 2 + 18 * random.nextDouble();
  }

  /** As {@link #small}, with room for 2 to 6 activations. */
  public static PipelineShape smallWithLittleMemory(Random random) {
    int limit = 2 + random.nextInt(5);
    return small(random).withMemoryLimit(limit);
  }

  /**
   * A large one: 16 stages, 64 microbatches, times of 9 to 11, and on about one link of five a
   * delay of up to 60.
   */
  public static PipelineShape large(Random random) {
    List<StageCost> costs = new ArrayList<>();
    List<Link> links = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      double[] times = random.doubles(3, 9, 11).toArray();
      costs.add(StageCost.of(times[0], times[1], times[2]));
      if (i > 0) {
        links.add(Link.delegated(random.nextInt(5) == 0 ? 60 * random.nextDouble() : 0));
      }
    }
    return new PipelineShape(64, costs, links);
  }
}
