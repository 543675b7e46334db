package dev.fresco.planning.pipeline;

/**
 * How many delegates a slow link needs for each kind of message: Adaptra (arXiv:2504.19232), k at
 * least the rate of production over the rate of consumption.
 *
 * <p>A delegate carries one message at a time, so it consumes one in the time of a transfer. With
 * fewer delegates than needed, messages queue and the link delays each by more than its own delay.
 *
 * <p>Example: a forward of 8 ms before a link delayed by 60 ms makes 125 activations a second, of
 * which a delegate carries 16.7: 8 delegates.
 */
public final class Delegates {
  /** Each is a thread and a connection, for each kind of message. */
  public static final int MOST = 32;

  private Delegates() {}

  /**
   * The number, from 1 to {@value #MOST}.
   *
   * @param productionPerSecond messages of a kind, at least 0
   * @param transferSeconds of one message, at least 0
   */
  public static int needed(double productionPerSecond, double transferSeconds) {
    if (!(productionPerSecond >= 0) || !(transferSeconds >= 0)) {
      throw new IllegalArgumentException(
          "productionPerSecond is "
              + productionPerSecond
              + " and transferSeconds "
              + transferSeconds
              + "; the least is 0");
    }
    // A hair less, or rounding could make one of a ratio that is whole. No messages need no time.
    double needed = transferSeconds == 0 ? 0 : productionPerSecond * transferSeconds;
    return (int) Math.min(MOST, Math.max(1, Math.ceil(needed - 1e-9)));
  }

  /**
   * The number for a link of a pipeline, 0 if it has no delay. Messages are made the fastest while
   * a stage runs one forward after the other, or one input gradient after the other.
   */
  public static int needed(PipelineShape shape, int link) {
    double delay = shape.links().get(link).delay();
    if (delay == 0) {
      return 0;
    }
    double shortest =
        Math.min(shape.stages().get(link).forward(), shape.stages().get(link + 1).inputGradient());
    return needed(1 / shortest, delay);
  }
}
