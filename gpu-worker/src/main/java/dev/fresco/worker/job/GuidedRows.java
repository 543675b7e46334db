package dev.fresco.worker.job;

import dev.fresco.contracts.job.JobRequest;
import dev.fresco.contracts.worker.ModelCard;

/** How often the network runs on a picture in a step. */
public final class GuidedRows {
  private GuidedRows() {}

  /**
   * Whether it runs on the negative prompt as well. Guidance that is told to the network, as in
   * Flux, does not.
   */
  public static boolean both(ModelCard card, JobRequest request) {
    return card.abilities().guidance().takesNegativePrompt() && request.guidanceScale() > 1;
  }
}
