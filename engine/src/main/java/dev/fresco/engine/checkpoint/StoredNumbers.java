package dev.fresco.engine.checkpoint;

import dev.fresco.engine.EngineException;
import java.nio.ByteBuffer;

/** Turns stored bytes into Java numbers. */
final class StoredNumbers {
  private StoredNumbers() {}

  /**
   * @param place of the tensor, for errors
   */
  static float[] toFloats(StoredTensor tensor, ByteBuffer bytes, String place) {
    int width = tensor.type().bytes();
    float[] values = new float[bytes.remaining() / width];
    for (int i = 0; i < values.length; i++) {
      int at = i * width;
      values[i] =
          switch (tensor.type()) {
            case F64 -> (float) bytes.getDouble(at);
            case F32 -> bytes.getFloat(at);
            case F16 -> fromFp16(bytes.getShort(at));
            case BF16 -> Float.intBitsToFloat(bytes.getShort(at) << 16);
            case I64 -> bytes.getLong(at);
            case I32 -> bytes.getInt(at);
            case I16 -> bytes.getShort(at);
            case I8 -> bytes.get(at);
            case U32 -> Integer.toUnsignedLong(bytes.getInt(at));
            case U16 -> Short.toUnsignedInt(bytes.getShort(at));
            case U8, BOOL -> Byte.toUnsignedInt(bytes.get(at));
            case U64, F8_E4M3, F8_E5M2 ->
                throw new EngineException(place + " is " + tensor.type() + ", not read yet");
          };
    }
    return values;
  }

  /** IEEE 754 binary16: 1 sign bit, 5 of exponent (bias 15), 10 of fraction. */
  static float fromFp16(short bits) {
    int exponent = bits >> 10 & 0x1f;
    int fraction = bits & 0x3ff;
    float magnitude;
    if (exponent == 0) {
      magnitude = fraction * 0x1p-24f;
    } else if (exponent == 0x1f) {
      magnitude = fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
    } else {
      magnitude = Float.intBitsToFloat(exponent + 112 << 23 | fraction << 13);
    }
    return bits < 0 ? -magnitude : magnitude;
  }
}
