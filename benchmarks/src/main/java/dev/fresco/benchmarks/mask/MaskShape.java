package dev.fresco.benchmarks.mask;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Shapes of masks as people draw them: boxes, ellipses, and blots. */
public enum MaskShape {
  BOX {
    @Override
    double distance(double x, double y, double angle) {
      return Math.max(Math.abs(x), Math.abs(y));
    }
  },
  ELLIPSE {
    @Override
    double distance(double x, double y, double angle) {
      return Math.hypot(x, y);
    }
  },
  BLOT {
    @Override
    double distance(double x, double y, double angle) {
      double direction = Math.atan2(y, x) + angle;
      double radius = 1 + 0.25 * Math.sin(3 * direction) + 0.12 * Math.sin(5 * direction + 1);
      return Math.hypot(x, y) / radius;
    }
  };

  private static final double LEAST_ASPECT = 0.6;

  /** From the middle, 1 on the outline of a shape of size 1. */
  abstract double distance(double x, double y, double angle);

  /**
   * A mask of this shape somewhere in a picture.
   *
   * @param ratio share of the pixels, over 0 to 1, met to the pixel but for ties
   */
  public PixelMask draw(int width, int height, double ratio, SplittableRandom random) {
    double aspect = Math.sqrt(random.nextDouble(LEAST_ASPECT, 1 / LEAST_ASPECT));
    double angle = random.nextDouble(2 * Math.PI);
    double middleX = width * random.nextDouble(0.3, 0.7);
    double middleY = height * random.nextDouble(0.3, 0.7);
    double[] distances = new double[width * height];
    for (int i = 0; i < distances.length; i++) {
      double x = i % width + 0.5 - middleX;
      double y = i / width + 0.5 - middleY;
      distances[i] = distance(x * aspect, y / aspect, angle);
    }
    double[] sorted = distances.clone();
    Arrays.sort(sorted);
    double size = sorted[(int) Math.max(0, Math.round(ratio * sorted.length) - 1)];
    boolean[] painted = new boolean[distances.length];
    for (int i = 0; i < painted.length; i++) {
      painted[i] = distances[i] <= size;
    }
    return new PixelMask(width, height, painted);
  }
}
