package dev.fresco.benchmarks.mask;

import dev.fresco.engine.HostTensor;
import dev.fresco.engine.Picture;
import dev.fresco.engine.Region;
import java.util.Arrays;

/**
 * Which pixels an edit paints.
 *
 * @param painted {@code height * width}, rows from the top; at least one is true
 */
public record PixelMask(int width, int height, boolean[] painted) {
  public PixelMask {
    if (painted.length != width * height) {
      throw new IllegalArgumentException(
          "%d x %d pixels, and %d of them told".formatted(width, height, painted.length));
    }
  }

  /** All of a picture. */
  public static PixelMask everything(int width, int height) {
    boolean[] all = new boolean[width * height];
    Arrays.fill(all, true);
    return new PixelMask(width, height, all);
  }

  /** Share of the pixels, 0 to 1. */
  public double ratio() {
    int count = 0;
    for (boolean pixel : painted) {
      count += pixel ? 1 : 0;
    }
    return count / (double) painted.length;
  }

  /**
   * The places of latents that have a painted pixel.
   *
   * @param factor pixels a place on each axis
   * @return {@code [height / factor, width / factor]}, 0 or 1
   */
  public HostTensor places(int factor) {
    int columns = width / factor;
    float[] places = new float[height / factor * columns];
    for (int i = 0; i < painted.length; i++) {
      if (painted[i]) {
        places[i / width / factor * columns + i % width / factor] = 1;
      }
    }
    return HostTensor.of(places, height / factor, columns);
  }

  /** The smallest rectangle of pixels that has all of it. */
  public Region region() {
    return Region.around(places(1)).orElseThrow();
  }

  public PixelMask cut(Region region) {
    boolean[] part = new boolean[region.height() * region.width()];
    for (int i = 0; i < part.length; i++) {
      part[i] =
          painted[(region.top() + i / region.width()) * width + region.left() + i % region.width()];
    }
    return new PixelMask(region.width(), region.height(), part);
  }

  /** One picture where this is, the other elsewhere. */
  public Picture paste(Picture inside, Picture outside) {
    byte[] rgb = outside.rgb().clone();
    for (int i = 0; i < painted.length; i++) {
      if (painted[i]) {
        System.arraycopy(inside.rgb(), 3 * i, rgb, 3 * i, 3);
      }
    }
    return new Picture(width, height, rgb);
  }
}
