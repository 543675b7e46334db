package dev.fresco.planning.training;

/**
 * How many queues of its own a kind of message needs on a slow link.
 *
 * <p>Goal: no message waits for another one, so that the delay costs each of them once (Adaptra,
 * arXiv:2504.19232: k at least the rate of production over that of consumption).
 *
 * <p>Constraints: a delegate carries one message at a time, so it consumes one in the time that a
 * message takes. At worst the sender makes one after the other without a pause: activations in the
 * warm-up, gradients while weight gradients are left for later.
 *
 * <p>Example: forwards take 10 ms and their messages 42 ms: 5 delegates.
 */
final class Delegates {
  /** Each has a thread and a connection. */
  static final int MOST = 16;

  private Delegates() {}

  /**
   * The number, from 1 to {@value #MOST} and no more than there are messages.
   *
   * @param messageMillis of a message on its way
   * @param operationMillis of the operation that makes one
   */
  static int needed(double messageMillis, double operationMillis, int microbatches) {
    int most = Math.min(MOST, microbatches);
    double rates = messageMillis / operationMillis;
    // A hair less, or rounding could make one of a ratio that is whole. 0/0 is not at least 1.
    return rates >= 1 ? (int) Math.min(most, Math.ceil(rates - 1e-9)) : 1;
  }
}
