package dev.fresco.contracts.job;

import dev.fresco.contracts.Require;

/**
 * What an edit may change.
 *
 * @param image PNG of the job's width and height, grey: 255 where the edit paints, 0 where the
 *     template stays bit for bit, whatever the request's polarity was
 * @param ratio share of the pixels that are not 0, 0 to 1
 */
public record EditMask(JobImage image, double ratio) {
  public EditMask {
    Require.present("image", image);
    if (!(ratio >= 0 && ratio <= 1)) {
      throw new IllegalArgumentException("ratio is " + ratio + "; it must be in 0 to 1");
    }
  }
}
