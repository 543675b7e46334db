package dev.fresco.planning.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** Pipelines for the tests. */
final class Pipelines {
  private Pipelines() {}

  /** Equal stages, every operation of 10, links delegated. */
  static PipelineShape tens(int stages, int microbatches, double... delays) {
    PipelineShape shape = PipelineShape.uniform(stages, microbatches, StageCost.of(10, 10, 10));
    for (int link = 0; link < delays.length; link++) {
      shape = shape.withLink(link, Link.delegated(delays[link]));
    }
    return shape;
  }

  /** Any, of at most so many stages and microbatches. */
  static Arbitrary<PipelineShape> upTo(int stages, int microbatches) {
    return Arbitraries.integers().between(1, stages).flatMap(size -> of(size, 1, microbatches));
  }

  /** Any of a number of stages and a range of microbatches. */
  static Arbitrary<PipelineShape> of(int stages, int leastMicrobatches, int mostMicrobatches) {
    Arbitrary<Integer> microbatches =
        Arbitraries.integers().between(leastMicrobatches, mostMicrobatches);
    Arbitrary<List<StageCost>> costs = cost().list().ofSize(stages);
    Arbitrary<List<Link>> links = time(40).map(Link::delegated).list().ofSize(stages - 1);
    return microbatches.flatMap(
        n -> costs.flatMap(cost -> links.map(link -> new PipelineShape(n, cost, link))));
  }

  private static Arbitrary<StageCost> cost() {
    return time(20).list().ofSize(3).map(t -> StageCost.of(t.get(0), t.get(1), t.get(2)));
  }

  /** Whole and broken: whole ones make times that tie, and zeros. */
  private static Arbitrary<Double> time(int most) {
    return Arbitraries.oneOf(
        Arbitraries.integers().between(0, most).map(Integer::doubleValue),
        Arbitraries.doubles().between(.1, most));
  }

  /**
   * A case small enough for {@link OptimalMakespan}: 2 to 5 stages, 2 to 10 microbatches, times of
   * 2 to 20, and on about half of the links a delay of up to 40.
   */
  static PipelineShape small(Random random) {
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
  static PipelineShape smallWithLittleMemory(Random random) {
    int limit = 2 + random.nextInt(5);
    return small(random).withMemoryLimit(limit);
  }

  /**
   * A large one: 16 stages, 64 microbatches, times of 9 to 11, and on about one link of five a
   * delay of up to 60.
   */
  static PipelineShape large(Random random) {
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
