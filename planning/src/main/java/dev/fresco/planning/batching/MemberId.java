package dev.fresco.planning.batching;

/** One picture of a job. */
public record MemberId(String jobId, int image) {
  @Override
  public String toString() {
    return jobId + "#" + image;
  }
}
