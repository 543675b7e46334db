package dev.fresco.worker.job;

import dev.fresco.contracts.worker.ModelCard;

/** How often the network runs on a picture in a step. */
public final class GuidedRows {
  private GuidedRows() {}

  /**
   * Once for each picture, and once more on the negative prompt if there is guidance that is not
   * told to the network, as in Flux.
   */
  public static int of(ModelCard card, double guidanceScale) {
    return card.abilities().guidance().takesNegativePrompt() && guidanceScale > 1 ? 2 : 1;
  }

  /** Pixels of a picture in all rows that the network runs on. */
  public static long pixels(ModelCard card, double guidanceScale, int width, int height) {
    return of(card, guidanceScale) * (long) width * height;
  }
}
