package dev.fresco.planning.batching;

/**
 * Jobs that failed in the engine, one after the other, without any step that went through.
 *
 * <p>Goal: a worker whose device is broken for good stops failing jobs, and one whose jobs are at
 * fault goes on. A job counts once, so no single job stops a worker; and the jobs up to {@link
 * #LIMIT} fail, so that a worker that starts again and gets the same jobs makes headway.
 *
 * @param jobs that failed since a step last went through
 */
public record FailureStreak(int jobs) {
  /** So many jobs in a row are no coincidence. */
  public static final int LIMIT = 3;

  public static final FailureStreak NONE = new FailureStreak(0);

  /** Another job failed. */
  public FailureStreak failed() {
    return isBroken() ? this : new FailureStreak(jobs + 1);
  }

  /** A step went through. What is broken for good stays so. */
  public FailureStreak worked() {
    return isBroken() ? this : NONE;
  }

  /** Whether the device is to blame; the job that was added last is then not at fault. */
  public boolean isBroken() {
    return jobs == LIMIT;
  }
}
