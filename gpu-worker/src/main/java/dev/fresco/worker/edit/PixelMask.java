package dev.fresco.worker.edit;

/**
 * What an edit may change of a picture.
 *
 * @param values {@code height * width} bytes, rows from the top: 255 where it paints, 0 where the
 *     template stays, greys where both are mixed
 */
public record PixelMask(int width, int height, byte[] values) {
  public PixelMask {
    if (values.length != Math.multiplyExact(width, height)) {
      throw new IllegalArgumentException(
          "a mask of %d x %d needs %d values, not %d"
              .formatted(width, height, width * height, values.length));
    }
  }

  /** Whether there is nothing to paint. */
  public boolean isEmpty() {
    for (byte value : values) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }
}
