package dev.fresco.gateway.admission;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/**
 * What an edit may change, whatever the file that said so looked like.
 *
 * @param paint a byte for each pixel, row by row: 0 stays as it is, 255 is painted
 */
record GreyMask(int width, int height, byte[] paint) {
  GreyMask {
    if (paint.length != width * height) {
      throw new IllegalArgumentException(
          "paint has " + paint.length + " values; the mask is " + width + "x" + height);
    }
  }

  /** Whether it leaves every pixel as it is. */
  boolean isEmpty() {
    return ratio() == 0;
  }

  /** The share of its pixels that may change, 0 to 1. */
  double ratio() {
    long painted = 0;
    for (byte value : paint) {
      painted += value == 0 ? 0 : 1;
    }
    return (double) painted / paint.length;
  }

  /**
   * Of this size: each pixel is the mean of what it covers, and no thin line is lost. The side goes
   * first that leaves less in between, which is then no more than the larger of the two masks.
   */
  GreyMask scaledTo(int newWidth, int newHeight) {
    if (newWidth == width && newHeight == height) {
      return this;
    }
    boolean widthFirst = (long) newWidth * height <= (long) width * newHeight;
    return widthFirst
        ? withWidth(newWidth).withHeight(newHeight)
        : withHeight(newHeight).withWidth(newWidth);
  }

  private GreyMask withWidth(int newWidth) {
    byte[] scaled = new byte[newWidth * height];
    for (int y = 0; y < height; y++) {
      scaleLine(paint, y * width, 1, width, scaled, y * newWidth, 1, newWidth);
    }
    return new GreyMask(newWidth, height, scaled);
  }

  private GreyMask withHeight(int newHeight) {
    byte[] scaled = new byte[width * newHeight];
    for (int x = 0; x < width; x++) {
      scaleLine(paint, x, width, height, scaled, x, width, newHeight);
    }
    return new GreyMask(width, newHeight, scaled);
  }

  /** Scales {@code length} values, {@code stride} apart, to {@code newLength} of them. */
  private static void scaleLine(
      byte[] from,
      int start,
      int stride,
      int length,
      byte[] to,
      int newStart,
      int newStride,
      int newLength) {
    for (int n = 0; n < newLength; n++) {
      // In units of 1 / newLength of an old pixel, so that all is whole.
      long begin = (long) n * length;
      long end = begin + length;
      long sum = 0;
      for (long at = begin / newLength; at * newLength < end; at++) {
        long covered = Math.min(end, (at + 1) * newLength) - Math.max(begin, at * newLength);
        sum += covered * (from[start + (int) at * stride] & 0xff);
      }
      // Rounded up: what was painted at all is painted still.
      to[newStart + n * newStride] = (byte) ((sum + length - 1) / length);
    }
  }

  /** With what is painted grown by as many pixels in each direction. */
  GreyMask grownBy(int margin) {
    if (margin == 0) {
      return this;
    }
    byte[] grown = paint.clone();
    for (int y = 0; y < height; y++) {
      growLine(grown, y * width, 1, width, margin);
    }
    for (int x = 0; x < width; x++) {
      growLine(grown, x, width, height, margin);
    }
    return new GreyMask(width, height, grown);
  }

  /**
   * The most of the 2 margin + 1 values around each. Windows double until they are that wide, so a
   * margin costs its logarithm.
   */
  private static void growLine(byte[] values, int start, int stride, int length, int margin) {
    int[] most = new int[length + 2 * margin];
    for (int n = 0; n < length; n++) {
      most[margin + n] = values[start + n * stride] & 0xff;
    }
    int window = 2 * margin + 1;
    int wide = 1;
    while (wide < window) {
      int shift = Math.min(wide, window - wide);
      wide += shift;
      for (int n = 0; n + shift < most.length; n++) {
        most[n] = Math.max(most[n], most[n + shift]);
      }
    }
    for (int n = 0; n < length; n++) {
      values[start + n * stride] = (byte) most[n];
    }
  }

  /** As a PNG of 8-bit grey. */
  byte[] png() {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    byte[] pixels = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    System.arraycopy(paint, 0, pixels, 0, paint.length);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("memory was not written to", e);
    }
    return bytes.toByteArray();
  }
}
