package dev.fresco.gateway.admission;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.Raster;

/** Reads a decoded mask, however its pixels are stored. */
final class MaskPixels {
  /**
   * How far a JPEG may be off black or white beside an edge. What is nearer was meant as black or
   * white: else its noise would open pixels to the edit that nobody painted.
   */
  private static final int JPEG_NOISE = 24;

  private MaskPixels() {}

  /**
   * @param isJpeg whether it went through a JPEG
   */
  static GreyMask read(BufferedImage image, Polarity polarity, boolean isJpeg) {
    byte[] paint = isPlainGrey(image) ? ofGrey(image, polarity) : ofColour(image, polarity);
    if (isJpeg) {
      for (int n = 0; n < paint.length; n++) {
        int value = paint[n] & 0xff;
        paint[n] = (byte) (value < JPEG_NOISE ? 0 : value > 255 - JPEG_NOISE ? 255 : value);
      }
    }
    return new GreyMask(image.getWidth(), image.getHeight(), paint);
  }

  /** Java takes such grey for linear light, and would brighten it on the way to RGB. */
  private static boolean isPlainGrey(BufferedImage image) {
    return image.getColorModel() instanceof ComponentColorModel
        && image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_GRAY;
  }

  private static byte[] ofGrey(BufferedImage image, Polarity polarity) {
    Raster raster = image.getRaster();
    int width = image.getWidth();
    int bands = raster.getNumBands();
    int shift = image.getColorModel().getComponentSize(0) - 8;
    byte[] paint = new byte[width * image.getHeight()];
    int[] line = new int[width * bands];
    for (int y = 0; y < image.getHeight(); y++) {
      raster.getPixels(0, y, width, 1, line);
      for (int x = 0; x < width; x++) {
        int grey = line[x * bands] >> shift;
        int alpha = bands > 1 ? line[x * bands + 1] >> shift : 255;
        paint[y * width + x] = (byte) polarity.paint(grey, alpha);
      }
    }
    return paint;
  }

  private static byte[] ofColour(BufferedImage image, Polarity polarity) {
    int width = image.getWidth();
    byte[] paint = new byte[width * image.getHeight()];
    int[] line = new int[width];
    for (int y = 0; y < image.getHeight(); y++) {
      image.getRGB(0, y, width, 1, line, 0, width);
      for (int x = 0; x < width; x++) {
        paint[y * width + x] = (byte) polarity.paint(luma(line[x]), line[x] >>> 24);
      }
    }
    return paint;
  }

  /** Brightness by the weights of Rec. 601, of which grey keeps its value. */
  private static int luma(int argb) {
    int red = argb >> 16 & 0xff;
    int green = argb >> 8 & 0xff;
    int blue = argb & 0xff;
    return (299 * red + 587 * green + 114 * blue + 500) / 1000;
  }
}
