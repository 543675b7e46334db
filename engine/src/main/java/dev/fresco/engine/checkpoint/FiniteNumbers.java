package dev.fresco.engine.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.stream.IntStream;

/**
 * Looks for NaN and infinities in stored floats, at about the speed of reading.
 *
 * <p>A float is not finite when all bits of its exponent are set, that is, when its bits without
 * the sign are at least some limit. Several numbers lie in one {@code long}. With the signs
 * cleared, adding what is missing from the limit to the sign's place sets the sign of just the
 * numbers that reach the limit, and carries into no neighbour: for fp16, {@code 0x7fff + 0x0400 <
 * 0x10000}.
 */
final class FiniteNumbers {
  /** Of numbers that one thread looks at: 4 MiB. */
  private static final int PIECE = 1 << 19;

  private FiniteNumbers() {}

  /**
   * @param bytes of numbers of the type, little-endian
   * @return whether none is NaN, infinite, or too large for fp32
   */
  static boolean only(StoredType type, ByteBuffer bytes) {
    return switch (type) {
      case F64 -> only(bytes, 0x8000_0000_0000_0000L, 0x47f0_0000_0000_0000L); // 2^128
      case F32 -> only(bytes, 0x8000_0000_8000_0000L, 0x7f80_0000_7f80_0000L);
      case F16 -> only(bytes, 0x8000_8000_8000_8000L, 0x7c00_7c00_7c00_7c00L);
      case BF16 -> only(bytes, 0x8000_8000_8000_8000L, 0x7f80_7f80_7f80_7f80L);
      case F8_E4M3, F8_E5M2, I64, I32, I16, I8, U64, U32, U16, U8, BOOL -> true;
    };
  }

  private static boolean only(ByteBuffer bytes, long signs, long limit) {
    long missing = signs - limit;
    LongBuffer numbers = bytes.slice().order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
    int pieces = (numbers.remaining() + PIECE - 1) / PIECE;
    return ((last(bytes) & ~signs) + missing & signs) == 0
        && IntStream.range(0, pieces)
            .parallel()
            .allMatch(piece -> (reached(numbers, piece, ~signs, missing) & signs) == 0);
  }

  private static long reached(LongBuffer numbers, int piece, long magnitude, long missing) {
    int begin = piece * PIECE;
    int end = Math.min(begin + PIECE, numbers.limit());
    long reached = 0;
    for (int i = begin; i < end; i++) {
      reached |= (numbers.get(i) & magnitude) + missing;
    }
    return reached;
  }

  /** What is left after the last whole {@code long}, filled up with zeros. */
  private static long last(ByteBuffer bytes) {
    long last = 0;
    int left = bytes.remaining() % Long.BYTES;
    for (int i = 0; i < left; i++) {
      last |= (bytes.get(bytes.limit() - left + i) & 0xffL) << 8 * i;
    }
    return last;
  }
}
