package dev.fresco.benchmarks.quality;

import dev.fresco.engine.Picture;

/** Brightness of pixels as ITU-R BT.601 weighs colours, 0 to 255. */
final class Luma {
  private Luma() {}

  static double[] of(Picture picture) {
    double[] luma = new double[picture.width() * picture.height()];
    for (int i = 0; i < luma.length; i++) {
      luma[i] =
          0.299 * Byte.toUnsignedInt(picture.rgb()[3 * i])
              + 0.587 * Byte.toUnsignedInt(picture.rgb()[3 * i + 1])
              + 0.114 * Byte.toUnsignedInt(picture.rgb()[3 * i + 2]);
    }
    return luma;
  }
}
