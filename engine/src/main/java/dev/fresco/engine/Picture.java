package dev.fresco.engine;

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
}
