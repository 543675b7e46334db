package dev.fresco.planning.pipeline;

import java.util.List;
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
}
