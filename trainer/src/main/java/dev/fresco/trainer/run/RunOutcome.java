package dev.fresco.trainer.run;

/**
 * How a run ended.
 *
 * @param iterations that are in the newest checkpoint, 0 if there is none
 * @param reason in words; empty if it is finished
 */
public record RunOutcome(State state, long iterations, String reason) {
  public enum State {
    /** All iterations are done. */
    FINISHED,
    /** As it was told to; another run can go on from there. */
    STOPPED,
    /** A loss or gradient was infinite or not a number; the newest checkpoint is good. */
    NOT_FINITE,
    /** It cannot go on; the newest checkpoint is good. */
    FAILED
  }
}
