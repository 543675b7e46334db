package dev.fresco.planning.pipeline;

/**
 * What carries activations from a stage to the next, and gradients back.
 *
 * @param delay beyond what the link takes when it is healthy, at least 0: a message arrives so much
 *     after the end of the operation that made it
 * @param delegated whether messages are handed to queues of their own beside the device. If so, the
 *     sender computes on at once. If not, a slow send holds up what is behind it in the one queue
 *     (head-of-line blocking): the sender's next operation starts when the message has arrived.
 *     Source: Adaptra, arXiv:2504.19232
 */
public record Link(double delay, boolean delegated) {
  /** Without extra delay. */
  public static final Link HEALTHY = new Link(0, false);

  public Link {
    StageCost.time("delay", delay);
  }

  /** A slow link whose messages are delegated. */
  public static Link delegated(double delay) {
    return new Link(delay, true);
  }

  /** A slow link that blocks its senders. */
  public static Link blocking(double delay) {
    return new Link(delay, false);
  }

  /** For how long its sender can compute nothing after an operation that sends. */
  double blocksFor() {
    return delegated ? 0 : delay;
  }
}
