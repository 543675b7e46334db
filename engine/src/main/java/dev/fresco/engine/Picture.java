package dev.fresco.engine;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;

/**
 * An 8-bit sRGB picture.
 *
 * @param rgb {@code height * width * 3} bytes, rows from the top, red first
 */
public record Picture(int width, int height, byte[] rgb) {
  public Picture {
    if (rgb.length != Math.multiplyExact(Math.multiplyExact(width, height), 3)) {
      throw new IllegalArgumentException(
          width
              + " x "
              + height
              + " pixels need "
              + 3L * width * height
              + " bytes, not "
              + rgb.length);
    }
  }

  /** The pixels of an image; what is transparent becomes white. */
  public static Picture of(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    BufferedImage opaque = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    Graphics2D canvas = opaque.createGraphics();
    canvas.drawImage(image, 0, 0, Color.WHITE, null);
    canvas.dispose();
    return new Picture(width, height, endsChanged(bytes(opaque)));
  }

  /** As Java draws and encodes it. */
  public BufferedImage image() {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    System.arraycopy(endsChanged(rgb), 0, bytes(image), 0, rgb.length);
    return image;
  }

  private static byte[] bytes(BufferedImage image) {
    return ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
  }

  /** Blue first instead of red, or the other way round. */
  private static byte[] endsChanged(byte[] pixels) {
    byte[] changed = new byte[pixels.length];
    for (int i = 0; i < pixels.length; i += 3) {
      changed[i] = pixels[i + 2];
      changed[i + 1] = pixels[i + 1];
      changed[i + 2] = pixels[i];
    }
    return changed;
  }
}
