package dev.fresco.platform.image;

/**
 * How large an image may be, and the properties that say so.
 *
 * @param bytes of its file
 * @param pixels width times height, checked before anything is decoded
 */
public record ImageLimits(long bytes, String bytesKnob, long pixels, String pixelsKnob) {
  /** Decoded, a pixel takes four bytes; a decoder may hold it twice. */
  private static final long PIXEL_BYTES = 8;

  /** How many of the largest images fit an amount of memory, decoded; at least one. */
  public int decodedWithin(long memoryBytes) {
    long fit = memoryBytes / (PIXEL_BYTES * pixels);
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, fit));
  }
}
