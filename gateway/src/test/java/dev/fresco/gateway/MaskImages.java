package dev.fresco.gateway;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/** Masks as people draw them: a rectangle, in every kind of file. */
public final class MaskImages {
  /** The rectangle's share of a mask. */
  public static final double RATIO = 0.125;

  private MaskImages() {}

  /** Whether a pixel is in the rectangle: a quarter of the width, half of the height. */
  private static boolean isPainted(int x, int y, int width, int height) {
    return x >= width / 4 && x < width / 2 && y >= height / 4 && y < 3 * height / 4;
  }

  /** Row by row. */
  public static int[] expected(int width, int height, int painted, int kept) {
    int[] pixels = new int[width * height];
    for (int n = 0; n < pixels.length; n++) {
      pixels[n] = isPainted(n % width, n / width, width, height) ? painted : kept;
    }
    return pixels;
  }

  public static byte[] argb(int width, int height, int painted, int kept) {
    return drawn(
        new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB), painted, kept, "png");
  }

  public static byte[] rgb(String format, int width, int height, int painted, int kept) {
    return drawn(
        new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB), painted, kept, format);
  }

  /** White on black. */
  public static byte[] white(int width, int height) {
    return grey(BufferedImage.TYPE_BYTE_GRAY, width, height, 255, 0);
  }

  /** Grey of 8 or 16 bits, the samples as they are. */
  public static byte[] grey(int type, int width, int height, int painted, int kept) {
    return samples(new BufferedImage(width, height, type), painted, kept);
  }

  /** With a palette whose first colour is transparent, and is that of the rectangle. */
  public static byte[] palette(int width, int height) {
    byte[] none = {0, 0};
    IndexColorModel colours = new IndexColorModel(1, 2, none, none, none, new byte[] {0, -1});
    return samples(new BufferedImage(width, height, BufferedImage.TYPE_BYTE_BINARY, colours), 0, 1);
  }

  /** White on black, of one bit. */
  public static byte[] bits(int width, int height) {
    return samples(new BufferedImage(width, height, BufferedImage.TYPE_BYTE_BINARY), 1, 0);
  }

  private static byte[] drawn(BufferedImage image, int painted, int kept, String format) {
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        boolean in = isPainted(x, y, image.getWidth(), image.getHeight());
        image.setRGB(x, y, in ? painted : kept);
      }
    }
    return written(image, format);
  }

  private static byte[] samples(BufferedImage image, int painted, int kept) {
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        boolean in = isPainted(x, y, image.getWidth(), image.getHeight());
        image.getRaster().setSample(x, y, 0, in ? painted : kept);
      }
    }
    return written(image, "png");
  }

  private static byte[] written(BufferedImage image, String format) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(image, format, bytes)) {
        throw new IllegalStateException("no writer for " + format);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
