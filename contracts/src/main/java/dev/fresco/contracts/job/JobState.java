package dev.fresco.contracts.job;

/** Where a job is. The last four are terminal, and a job reaches exactly one of them. */
public enum JobState {
  QUEUED,
  ASSIGNED,
  RUNNING,
  SUCCEEDED,
  FAILED,
  CANCELLED,
  EXPIRED;

  public boolean isTerminal() {
    return ordinal() >= SUCCEEDED.ordinal();
  }
}
