package dev.fresco.benchmarks.quality;

import dev.fresco.benchmarks.mask.PixelMask;
import dev.fresco.engine.Picture;

/** PSNR over the three colours, in dB; infinite for equal pictures. */
final class SignalToNoise {
  private static final double RANGE = 255;

  private SignalToNoise() {}

  /**
   * @param mask of the pixels that count
   * @param other of the size of the first
   */
  static double within(PixelMask mask, Picture one, Picture other) {
    double squares = 0;
    int count = 0;
    for (int i = 0; i < one.rgb().length; i++) {
      if (mask.painted()[i / 3]) {
        int difference = Byte.toUnsignedInt(one.rgb()[i]) - Byte.toUnsignedInt(other.rgb()[i]);
        squares += difference * difference;
        count++;
      }
    }
    return 10 * Math.log10(RANGE * RANGE * count / squares);
  }

  static double of(Picture one, Picture other) {
    return within(PixelMask.everything(one.width(), one.height()), one, other);
  }
}
