package dev.fresco.benchmarks.pipeline;

import dev.fresco.planning.pipeline.AdaptivePlan;
import dev.fresco.planning.pipeline.AdaptiveSchedule;
import dev.fresco.planning.pipeline.AdaptiveSearch;
import dev.fresco.planning.pipeline.Link;
import dev.fresco.planning.pipeline.OneForwardOneBackward;
import dev.fresco.planning.pipeline.PipelineShape;
import dev.fresco.planning.pipeline.Schedule;
import dev.fresco.planning.pipeline.ZeroBubble;
import java.util.Locale;

/** How a pipeline is run in which some links are slow. */
enum Way {
  ONE_FORWARD_ONE_BACKWARD("1F1B", false),
  /** ZB-2P, that of the zero-bubble schedules which has no bubble in a healthy pipeline. */
  ZERO_BUBBLE("zero bubble", false),
  /** The schedule that would be the best if no link were slow, with delegates. */
  DELEGATED("delegated", true),
  /** The schedule for the links as they are, with delegates. */
  FULL("full", true);

  private final String words;
  private final boolean delegates;

  Way(String words, boolean delegates) {
    this.words = words;
    this.delegates = delegates;
  }

  String words() {
    return words;
  }

  /** For a file. */
  String fileName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether slow links have delegates. */
  boolean delegates() {
    return delegates;
  }

  /** The same pipeline with its slow links as this way has them. */
  PipelineShape links(PipelineShape shape) {
    return shape.withLinks(delegates ? Link::delegated : Link::blocking);
  }

  Schedule schedule(PipelineShape shape) {
    int stages = shape.stages().size();
    return switch (this) {
      case ONE_FORWARD_ONE_BACKWARD -> OneForwardOneBackward.schedule(stages, shape.microbatches());
      case ZERO_BUBBLE -> ZeroBubble.twoParts(stages, shape.microbatches());
      case DELEGATED -> {
        PipelineShape healthy =
            shape.withLinks(delay -> Link.HEALTHY).withMemoryLimit(2 * stages - 1);
        yield AdaptiveSchedule.of(AdaptivePlan.initial(healthy), healthy);
      }
      case FULL -> AdaptiveSearch.schedule(links(shape));
    };
  }
}
