package dev.fresco.benchmarks.engine;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.StringJoiner;

/**
 * Writes safetensors files of bf16 numbers drawn from a seed: norms of 1 and biases of 0, and
 * matrices that keep the size of what they multiply, so that deep networks stay finite.
 */
final class RandomTensors {
  private static final short ONE = bf16(1);

  private RandomTensors() {}

  static void write(Path file, Map<String, long[]> shapes, long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] header = header(shapes).getBytes(StandardCharsets.UTF_8);
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 20))) {
      out.writeLong(Long.reverseBytes(header.length));
      out.write(header);
      for (Map.Entry<String, long[]> tensor : shapes.entrySet()) {
        write(out, tensor.getKey(), tensor.getValue(), random);
      }
    }
  }

  private static String header(Map<String, long[]> shapes) {
    StringJoiner entries = new StringJoiner(",", "{", "}");
    long at = 0;
    for (Map.Entry<String, long[]> tensor : shapes.entrySet()) {
      long end = at + count(tensor.getValue()) * Short.BYTES;
      entries.add(
          "\"%s\":{\"dtype\":\"BF16\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
              .formatted(tensor.getKey(), Arrays.toString(tensor.getValue()), at, end));
      at = end;
    }
    return entries.toString();
  }

  private static void write(
      DataOutputStream out, String name, long[] shape, SplittableRandom random) throws IOException {
    long count = count(shape);
    if (shape.length == 1) {
      short value = name.endsWith(".weight") ? ONE : 0;
      for (long i = 0; i < count; i++) {
        out.writeShort(Short.reverseBytes(value));
      }
      return;
    }
    // Uniform numbers up to this have a variance of 1 / (places that are summed).
    float most = (float) Math.sqrt(3.0 * shape[0] / count);
    for (long i = 0; i < count; i++) {
      float unit = (random.nextInt() >> 8) * 0x1p-23f; // -1..1
      out.writeShort(Short.reverseBytes(bf16(unit * most)));
    }
  }

  /** The upper half of a float's bits. */
  private static short bf16(float value) {
    return (short) (Float.floatToRawIntBits(value) >>> 16);
  }

  private static long count(long[] shape) {
    return Arrays.stream(shape).reduce(1, Math::multiplyExact);
  }
}
