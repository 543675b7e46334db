package dev.fresco.gateway.api;

import dev.fresco.contracts.job.JobEvent.Preview;

/** Where a job and what belongs to it are found. */
public final class JobPaths {
  public static final String JOBS = "/v1/jobs";

  private JobPaths() {}

  static String job(String jobId) {
    return JOBS + "/" + jobId;
  }

  static String image(String jobId, int index) {
    return job(jobId) + "/images/" + index;
  }

  /** The step makes the address of each preview its own, so that a page shows the new one. */
  static String preview(String jobId, Preview preview) {
    return job(jobId) + "/previews/" + preview.image() + "?step=" + preview.step();
  }
}
