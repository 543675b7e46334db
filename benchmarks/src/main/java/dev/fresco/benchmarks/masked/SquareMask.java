package dev.fresco.benchmarks.masked;

import dev.fresco.engine.HostTensor;
import java.util.Arrays;

/**
 * Masks of one square in the middle, whose sides lie at even places: a transformer's tokens are two
 * by two.
 */
final class SquareMask {
  private SquareMask() {}

  /**
   * @param ratio share of all places that it covers, 0 to 1, to the nearest side
   * @return {@code [height, width]}
   */
  static HostTensor of(double ratio, int height, int width) {
    int tall = 2 * (int) Math.round(height / 2.0 * Math.sqrt(ratio));
    int broad = 2 * (int) Math.round(width / 2.0 * Math.sqrt(ratio));
    int top = (height - tall) / 4 * 2;
    int left = (width - broad) / 4 * 2;
    float[] mask = new float[height * width];
    for (int y = top; y < top + tall; y++) {
      Arrays.fill(mask, y * width + left, y * width + left + broad, 1);
    }
    return HostTensor.of(mask, height, width);
  }

  /** Share of the places that are 1. */
  static double ratio(HostTensor mask) {
    double sum = 0;
    for (float place : mask.data()) {
      sum += place;
    }
    return sum / mask.data().length;
  }
}
