package dev.fresco.training.job;

/** Pictures that show what a job has learnt, one for each number of iterations. */
public final class TrainingSamples {
  private TrainingSamples() {}

  /** Where a sample lies in the object store. */
  public static String key(String jobId, long iterations) {
    return "training/%s/sample-%d.png".formatted(jobId, iterations);
  }

  /** Where callers get it. */
  public static String path(String jobId, long iterations) {
    return "/v1/training-jobs/%s/samples/%d".formatted(jobId, iterations);
  }
}
