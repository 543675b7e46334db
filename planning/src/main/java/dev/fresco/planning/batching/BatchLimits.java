package dev.fresco.planning.batching;

/**
 * How many pictures a batch takes, and when.
 *
 * @param slots pictures that fit the batch, at least 1
 * @param joining when pictures that wait may take a place
 */
public record BatchLimits(int slots, Joining joining) {
  /** When pictures that wait may take a place. */
  public enum Joining {
    /** Before every step (InstGenIE, arXiv:2505.20600, section 4.3: step-level batching). */
    STEP,
    /** When the batch is empty: those that are together run to the end of the last one. */
    REQUEST
  }

  public BatchLimits {
    if (slots < 1) {
      throw new IllegalArgumentException("slots is " + slots + "; it must be at least 1");
    }
  }

  /** Places that are to be taken before the next step, those of members that run among them. */
  int places(int running) {
    return joining == Joining.STEP || running == 0 ? slots : running;
  }
}
