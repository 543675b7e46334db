package dev.fresco.benchmarks.pipeline;

import dev.fresco.planning.pipeline.Link;
import dev.fresco.planning.pipeline.PipelineShape;
import dev.fresco.planning.pipeline.StageCost;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A pipeline of Adaptra's evaluation (arXiv:2504.19232) with links that are slow.
 *
 * @param model of the paper
 * @param delays in the paper's milliseconds, by link
 * @param paper what the paper measured, where it says
 */
record SlowLinks(
    String model, int stages, Map<Integer, Double> delays, Optional<PaperFigures> paper) {
  /**
   * Milliseconds of a forward, an input gradient and a weight gradient each, of both models, that
   * {@link OperationFit} finds; the paper does not tell them. With these, 1F1B takes what the paper
   * measured within 5 % in all cases but the smaller model's with a slow last link, which no
   * pipeline of equal stages explains.
   */
  static final double OPERATION_MILLIS = 8.8;

  private static final String SMALL = "7B";
  private static final String LARGE = "14B";

  SlowLinks {
    delays = new TreeMap<>(delays);
  }

  /** Each row of the paper. */
  static List<SlowLinks> ofThePaper() {
    return List.of(
        small(0, 30, new PaperFigures(.80, .90, .54, .46)),
        small(0, 60, new PaperFigures(1.23, 1.50, .73, .50)),
        small(2, 30, new PaperFigures(1.10, .88, .62, .43)),
        small(2, 60, new PaperFigures(1.82, 1.48, .87, .49)),
        large(Map.of(0, 30.0), new PaperFigures(1.60, 1.97, .97, .93)),
        large(Map.of(0, 60.0), new PaperFigures(2.53, 3.40, 1.24, .96)),
        large(Map.of(6, 30.0), new PaperFigures(1.56, 1.83, 1.18, .87)),
        large(Map.of(6, 60.0), new PaperFigures(2.32, 3.25, 1.68, .93)),
        large(Map.of(0, 30.0, 1, 30.0), new PaperFigures(2.11, 2.31, 1.11, .90)),
        large(Map.of(0, 30.0, 3, 30.0, 6, 30.0), new PaperFigures(1.69, 2.12, 1.27, .94)));
  }

  /** Those whose 1F1B the simulator explains: all but the smaller model's with a slow last link. */
  static List<SlowLinks> explained() {
    return ofThePaper().stream()
        .filter(slow -> !(slow.model.equals(SMALL) && slow.delays.containsKey(2)))
        .toList();
  }

  private static SlowLinks small(int link, double delay, PaperFigures paper) {
    return new SlowLinks(SMALL, 4, Map.of(link, delay), Optional.of(paper));
  }

  private static SlowLinks large(Map<Integer, Double> delays, PaperFigures paper) {
    return new SlowLinks(LARGE, 8, delays, Optional.of(paper));
  }

  /** Both models with their links as they should be, and each row of the paper. */
  static List<SlowLinks> healthyAndSlow() {
    List<SlowLinks> all = new ArrayList<>();
    all.add(new SlowLinks(SMALL, 4, Map.of(), Optional.empty()));
    all.add(new SlowLinks(LARGE, 8, Map.of(), Optional.empty()));
    all.addAll(ofThePaper());
    return all;
  }

  /** Two stages, which the paper has not, with the delays of its models. */
  static List<SlowLinks> twoStages() {
    return List.of(
        new SlowLinks("two stages", 2, Map.of(), Optional.empty()),
        new SlowLinks("two stages", 2, Map.of(0, 30.0), Optional.empty()),
        new SlowLinks("two stages", 2, Map.of(0, 60.0), Optional.empty()));
  }

  /** The same pipeline with its links as they should be. */
  SlowLinks healthy() {
    return new SlowLinks(model, stages, Map.of(), Optional.empty());
  }

  /** The same, with another delay on each slow link. */
  SlowLinks withDelay(double millis) {
    Map<Integer, Double> changed = new TreeMap<>();
    delays.keySet().forEach(link -> changed.put(link, millis));
    return new SlowLinks(model, stages, changed, Optional.empty());
  }

  /** The links of a shape as slow, beside its operations, as these beside the paper's. */
  PipelineShape slow(PipelineShape shape, double operationMillis) {
    for (Map.Entry<Integer, Double> slow : delays.entrySet()) {
      double delay = slow.getValue() * operationMillis / OPERATION_MILLIS;
      shape = shape.withLink(slow.getKey(), Link.blocking(delay));
    }
    return shape;
  }

  int microbatches() {
    return 3 * stages;
  }

  /** With operations that each take so long, and blocking links. */
  PipelineShape shape(double operationMillis) {
    PipelineShape shape =
        PipelineShape.uniform(
            stages,
            microbatches(),
            StageCost.of(operationMillis, operationMillis, operationMillis));
    for (Map.Entry<Integer, Double> slow : delays.entrySet()) {
      shape = shape.withLink(slow.getKey(), Link.blocking(slow.getValue()));
    }
    return shape;
  }

  /** Such as {@code 30 ms on 0-1, 3-4}. */
  String words() {
    if (delays.isEmpty()) {
      return "none";
    }
    String links =
        delays.keySet().stream()
            .map(link -> link + "-" + (link + 1))
            .collect(Collectors.joining(", "));
    return "%.0f ms on %s".formatted(delays.values().iterator().next(), links);
  }
}
