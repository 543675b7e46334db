package dev.fresco.engine.recording;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Numbers as signed bytes, with a scale for each row: symmetric quantisation by the row's largest
 * absolute value, {@code q = round(127 x / max|x|)}. What is read differs from what was written by
 * at most half a scale, and by the rounding to bf16 of the result.
 *
 * <p>Layout: a byte for each number; zeros up to a multiple of four; then the rows' scales, fp32.
 */
final class Int8Rows {
  private static final int LARGEST = 127;
  private static final int BF16_BYTES = Short.BYTES;

  private Int8Rows() {}

  static long bytes(long numbers, long row) {
    return aligned(numbers) + numbers / row * Float.BYTES;
  }

  private static long aligned(long numbers) {
    return (numbers + 3) / 4 * 4;
  }

  /**
   * @param bf16 little-endian numbers
   * @param row numbers of a row
   * @throws IllegalArgumentException if a number is not finite
   */
  static ByteBuffer encode(ByteBuffer bf16, int row) {
    ByteBuffer source = bf16.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int first = source.position();
    int numbers = source.remaining() / BF16_BYTES;
    ByteBuffer stored =
        ByteBuffer.allocate((int) bytes(numbers, row)).order(ByteOrder.LITTLE_ENDIAN);
    int scales = (int) aligned(numbers);
    for (int start = 0; start < numbers; start += row) {
      float scale = largest(source, first, start, row) / LARGEST;
      for (int i = start; i < start + row; i++) {
        float value = number(source, first, i);
        stored.put(i, (byte) (scale == 0 ? 0 : Math.round(value / scale)));
      }
      stored.putFloat(scales + start / row * Float.BYTES, scale);
    }
    return stored;
  }

  private static float largest(ByteBuffer source, int first, int start, int row) {
    float largest = 0;
    for (int i = start; i < start + row; i++) {
      float value = Math.abs(number(source, first, i));
      if (!(value <= Float.MAX_VALUE)) {
        throw new IllegalArgumentException("number " + i + " is not finite");
      }
      largest = Math.max(largest, value);
    }
    return largest;
  }

  private static float number(ByteBuffer source, int first, int i) {
    return Float.intBitsToFloat(source.getShort(first + i * BF16_BYTES) << 16);
  }

  /**
   * The numbers as bf16, little-endian, in memory outside the heap.
   *
   * @param stored as {@link #encode} made it
   * @param numbers how many there are
   */
  static ByteBuffer decode(ByteBuffer stored, int numbers, int row) {
    ByteBuffer source = stored.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer bf16 =
        ByteBuffer.allocateDirect(numbers * BF16_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    int scales = (int) aligned(numbers);
    for (int start = 0; start < numbers; start += row) {
      float scale = source.getFloat(scales + start / row * Float.BYTES);
      for (int i = start; i < start + row; i++) {
        bf16.putShort(i * BF16_BYTES, rounded(source.get(i) * scale));
      }
    }
    return bf16;
  }

  /** To the nearest bf16, ties to even; the value is finite. */
  private static short rounded(float value) {
    int bits = Float.floatToRawIntBits(value);
    return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
  }
}
