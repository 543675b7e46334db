package dev.fresco.contracts.job;

import dev.fresco.contracts.Require;

/**
 * What an image-to-image job starts from.
 *
 * @param image of the job's width and height
 * @param strength share of the steps that are taken, over 0 to 1; at 1 nothing of the image stays
 */
public record StartImage(JobImage image, double strength) {
  public StartImage {
    Require.present("image", image);
    if (!(strength > 0 && strength <= 1)) {
      throw new IllegalArgumentException(
          "strength is " + strength + "; it must be over 0 and at most 1");
    }
  }

  /** How many of a picture's steps are taken: whole ones only. */
  public static int steps(int steps, double strength) {
    return (int) (steps * strength);
  }
}
