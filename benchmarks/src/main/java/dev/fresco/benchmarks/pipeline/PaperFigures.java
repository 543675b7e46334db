package dev.fresco.benchmarks.pipeline;

/**
 * Seconds of an iteration that Adaptra (arXiv:2504.19232) measured.
 *
 * @param delegated with delegates, but the schedule of a healthy pipeline
 * @param full with delegates and the schedule adapted
 */
record PaperFigures(
    double oneForwardOneBackward, double zeroBubble, double delegated, double full) {
  double of(Way way) {
    return switch (way) {
      case ONE_FORWARD_ONE_BACKWARD -> oneForwardOneBackward;
      case ZERO_BUBBLE -> zeroBubble;
      case DELEGATED -> delegated;
      case FULL -> full;
    };
  }

  double fullShare() {
    return full / oneForwardOneBackward;
  }
}
