package dev.fresco.benchmarks.quality;

import dev.fresco.benchmarks.mask.PixelMask;
import dev.fresco.engine.Picture;

/**
 * SSIM (Wang, Bovik, Sheikh, Simoncelli 2004, equation 13) on luma, with the paper's constants and
 * its Gaussian window of 11 pixels and deviation 1.5. At the edges pictures are mirrored. 1 for
 * equal pictures.
 */
final class StructuralSimilarity {
  private static final int RADIUS = 5;
  private static final double DEVIATION = 1.5;
  private static final double RANGE = 255;
  private static final double MEANS = Math.pow(0.01 * RANGE, 2);
  private static final double CONTRASTS = Math.pow(0.03 * RANGE, 2);
  private static final double[] WINDOW = window();

  private StructuralSimilarity() {}

  /**
   * The mean over all windows that lie within the pictures.
   *
   * @param one at least 11 pixels on each side
   * @param other of the same size
   */
  static double of(Picture one, Picture other) {
    double[] map = map(one, other);
    double sum = 0;
    int count = 0;
    for (int y = RADIUS; y < one.height() - RADIUS; y++) {
      for (int x = RADIUS; x < one.width() - RADIUS; x++) {
        sum += map[y * one.width() + x];
        count++;
      }
    }
    return sum / count;
  }

  /** The mean over windows whose middle is in the mask. */
  static double within(PixelMask mask, Picture one, Picture other) {
    double[] map = map(one, other);
    double sum = 0;
    int count = 0;
    for (int i = 0; i < map.length; i++) {
      if (mask.painted()[i]) {
        sum += map[i];
        count++;
      }
    }
    return sum / count;
  }

  /** Of the window around each pixel. */
  private static double[] map(Picture one, Picture other) {
    int width = one.width();
    int height = one.height();
    if (width != other.width() || height != other.height()) {
      throw new IllegalArgumentException(
          "%d x %d and %d x %d pixels".formatted(width, height, other.width(), other.height()));
    }
    double[] x = Luma.of(one);
    double[] y = Luma.of(other);
    double[] meanX = blurred(x, width, height);
    double[] meanY = blurred(y, width, height);
    double[] squareX = blurred(product(x, x), width, height);
    double[] squareY = blurred(product(y, y), width, height);
    double[] both = blurred(product(x, y), width, height);
    double[] map = new double[x.length];
    for (int i = 0; i < map.length; i++) {
      double varianceX = squareX[i] - meanX[i] * meanX[i];
      double varianceY = squareY[i] - meanY[i] * meanY[i];
      double covariance = both[i] - meanX[i] * meanY[i];
      map[i] =
          (2 * meanX[i] * meanY[i] + MEANS)
              * (2 * covariance + CONTRASTS)
              / ((meanX[i] * meanX[i] + meanY[i] * meanY[i] + MEANS)
                  * (varianceX + varianceY + CONTRASTS));
    }
    return map;
  }

  private static double[] product(double[] one, double[] other) {
    double[] product = new double[one.length];
    for (int i = 0; i < product.length; i++) {
      product[i] = one[i] * other[i];
    }
    return product;
  }

  private static double[] blurred(double[] map, int width, int height) {
    return columns(rows(map, width), width, height);
  }

  private static double[] rows(double[] map, int width) {
    double[] blurred = new double[map.length];
    for (int i = 0; i < map.length; i++) {
      for (int tap = -RADIUS; tap <= RADIUS; tap++) {
        int x = mirrored(i % width + tap, width);
        blurred[i] += WINDOW[tap + RADIUS] * map[i / width * width + x];
      }
    }
    return blurred;
  }

  private static double[] columns(double[] map, int width, int height) {
    double[] blurred = new double[map.length];
    for (int i = 0; i < map.length; i++) {
      for (int tap = -RADIUS; tap <= RADIUS; tap++) {
        int y = mirrored(i / width + tap, height);
        blurred[i] += WINDOW[tap + RADIUS] * map[y * width + i % width];
      }
    }
    return blurred;
  }

  private static int mirrored(int place, int size) {
    return place < 0 ? -1 - place : place >= size ? 2 * size - 1 - place : place;
  }

  private static double[] window() {
    double[] window = new double[2 * RADIUS + 1];
    double sum = 0;
    for (int i = 0; i < window.length; i++) {
      window[i] = Math.exp(-0.5 * Math.pow((i - RADIUS) / DEVIATION, 2));
      sum += window[i];
    }
    for (int i = 0; i < window.length; i++) {
      window[i] /= sum;
    }
    return window;
  }
}
