package dev.fresco.benchmarks.engine;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.StringJoiner;

/**
 * Writes safetensors files of numbers drawn from a seed that bf16 holds: norms of 1 and biases of
 * 0, and matrices that keep the size of what they multiply, so that deep networks stay finite.
 */
public final class RandomTensors {
  /** How numbers lie in a file. */
  public enum Stored {
    BF16(2, "BF16"),
    FP32(4, "F32");

    private final int bytes;
    private final String dtype;

    Stored(int bytes, String dtype) {
      this.bytes = bytes;
      this.dtype = dtype;
    }

    /** By its name in small letters. */
    public static Optional<Stored> named(String name) {
      return Arrays.stream(values()).filter(each -> each.label().equals(name)).findFirst();
    }

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final int ALIGNMENT = 8;

  private final Stored stored;

  public RandomTensors(Stored stored) {
    this.stored = stored;
  }

  /**
   * @param shapes in the order of the file
   * @throws IOException if the disk is full
   */
  public void write(Path file, Map<String, long[]> shapes, long seed) throws IOException {
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

  /** As long as lets the numbers behind it begin at a multiple of eight bytes. */
  private String header(Map<String, long[]> shapes) {
    StringJoiner entries = new StringJoiner(",", "{", "}");
    long at = 0;
    for (Map.Entry<String, long[]> tensor : shapes.entrySet()) {
      long end = at + count(tensor.getValue()) * stored.bytes;
      entries.add(
          "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
              .formatted(
                  tensor.getKey(), stored.dtype, Arrays.toString(tensor.getValue()), at, end));
      at = end;
    }
    String header = entries.toString();
    return header + " ".repeat((ALIGNMENT - header.length() % ALIGNMENT) % ALIGNMENT);
  }

  private void write(DataOutputStream out, String name, long[] shape, SplittableRandom random)
      throws IOException {
    long count = count(shape);
    if (shape.length == 1) {
      float value = name.endsWith(".weight") ? 1 : 0;
      for (long i = 0; i < count; i++) {
        write(out, value);
      }
      return;
    }
    // Uniform numbers up to this have a variance of 1 / (places that are summed).
    float most = (float) Math.sqrt(3.0 * shape[0] / count);
    for (long i = 0; i < count; i++) {
      float unit = (random.nextInt() >> 8) * 0x1p-23f; // -1..1
      write(out, unit * most);
    }
  }

  /** The upper half of a float's bits, and nothing or zeros for the lower half. */
  private void write(DataOutputStream out, float value) throws IOException {
    int upper = Float.floatToRawIntBits(value) >>> 16;
    switch (stored) {
      case BF16 -> out.writeShort(Short.reverseBytes((short) upper));
      case FP32 -> out.writeInt(Integer.reverseBytes(upper << 16));
    }
  }

  private static long count(long[] shape) {
    return Arrays.stream(shape).reduce(1, Math::multiplyExact);
  }
}
