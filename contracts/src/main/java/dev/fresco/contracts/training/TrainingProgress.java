package dev.fresco.contracts.training;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.fresco.contracts.Require;

/**
 * What one iteration came to.
 *
 * @param iterationsDone with this one, 1 or more
 * @param loss mean over its microbatches, or null if it was not told
 * @param iterationMillis that the slowest stage took, waits included
 * @param bubbleRatio part of that time in which the busiest stage computed nothing, 0 to 1
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TrainingProgress(
    long iterationsDone, Double loss, double iterationMillis, double bubbleRatio) {
  public TrainingProgress {
    if (iterationsDone < 1) {
      throw new IllegalArgumentException("iterationsDone is " + iterationsDone);
    }
    Require.finite("iterationMillis", iterationMillis);
    Require.finite("bubbleRatio", bubbleRatio);
  }
}
