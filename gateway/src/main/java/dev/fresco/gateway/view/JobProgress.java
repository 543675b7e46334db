package dev.fresco.gateway.view;

import dev.fresco.contracts.job.JobEvent;
import java.util.HashMap;
import java.util.Map;

/**
 * How far a job is, over all its pictures.
 *
 * @param stepsTotal 0 if not known yet
 * @param previews object keys by the picture's index in the job
 */
public record JobProgress(int stepsDone, int stepsTotal, Map<Integer, String> previews) {
  public static final JobProgress NONE = new JobProgress(0, 0, Map.of());

  public JobProgress {
    previews = Map.copyOf(previews);
  }

  /** What the worker counts is known better than what the request says. */
  JobProgress outOf(int total) {
    return new JobProgress(stepsDone, stepsTotal == 0 ? total : stepsTotal, previews);
  }

  /** A job that runs again on another worker counts from 0; what is shown only grows. */
  JobProgress with(JobEvent.Step step) {
    Map<Integer, String> latest = new HashMap<>(previews);
    if (step.preview() != null) {
      latest.put(step.preview().image(), step.preview().objectKey());
    }
    return new JobProgress(Math.max(stepsDone, step.stepsDone()), step.stepsTotal(), latest);
  }

  JobProgress complete() {
    return new JobProgress(stepsTotal, stepsTotal, previews);
  }
}
