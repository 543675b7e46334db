package dev.fresco.engine.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import tools.jackson.databind.json.JsonMapper;

/** Writes safetensors files for tests, sound ones and others. */
public final class SafetensorsBytes {
  private final Map<String, Tensor> tensors = new TreeMap<>();
  private final Map<String, String> metadata = new TreeMap<>();

  public record Tensor(StoredType type, long[] shape, byte[] bytes) {}

  public SafetensorsBytes with(String name, StoredType type, byte[] bytes, long... shape) {
    tensors.put(name, new Tensor(type, shape, bytes));
    return this;
  }

  public SafetensorsBytes floats(String name, float[] values, long... shape) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return with(name, StoredType.F32, bytes.array(), shape);
  }

  public SafetensorsBytes metadata(String key, String text) {
    metadata.put(key, text);
    return this;
  }

  /** All that is in a file. */
  public static SafetensorsBytes copyOf(Path path) {
    SafetensorsBytes copy = new SafetensorsBytes();
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      file.metadata().forEach(copy::metadata);
      for (StoredTensor tensor : file.tensors().values()) {
        byte[] bytes = new byte[(int) tensor.byteCount()];
        file.map(tensor).get(bytes);
        copy.with(tensor.name(), tensor.type(), bytes, tensor.shape());
      }
    }
    return copy;
  }

  public List<String> names() {
    return List.copyOf(tensors.keySet());
  }

  public SafetensorsBytes without(String name) {
    tensors.remove(name);
    return this;
  }

  public SafetensorsBytes renamed(UnaryOperator<String> names) {
    SafetensorsBytes other = new SafetensorsBytes();
    tensors.forEach((name, tensor) -> other.tensors.put(names.apply(name), tensor));
    return other;
  }

  /** The same numbers, of fp32, in another float type; rounding is towards zero. */
  public SafetensorsBytes as(StoredType type) {
    SafetensorsBytes other = new SafetensorsBytes();
    tensors.forEach(
        (name, tensor) -> {
          ByteBuffer from = ByteBuffer.wrap(tensor.bytes()).order(ByteOrder.LITTLE_ENDIAN);
          ByteBuffer to =
              ByteBuffer.allocate(from.remaining() / 4 * type.bytes())
                  .order(ByteOrder.LITTLE_ENDIAN);
          while (from.hasRemaining()) {
            put(to, type, from.getFloat());
          }
          other.with(name, type, to.array(), tensor.shape());
        });
    return other;
  }

  private static void put(ByteBuffer to, StoredType type, float value) {
    int bits = Float.floatToRawIntBits(value);
    switch (type) {
      case F64 -> to.putDouble(value);
      case F32 -> to.putFloat(value);
      case BF16 -> to.putShort((short) (bits >>> 16));
      case F16 -> to.putShort(Math.abs(value) < 0x1p-14f ? 0 : normalFp16(bits));
      default -> throw new IllegalArgumentException(type.name());
    }
  }

  private static short normalFp16(int bits) {
    int exponent = (bits >>> 23 & 0xff) - 112;
    return (short) (bits >>> 16 & 0x8000 | exponent << 10 | bits >>> 13 & 0x3ff);
  }

  public byte[] bytes() {
    return bytes(0);
  }

  /**
   * @param padding spaces after the header, which move the data
   */
  public byte[] bytes(int padding) {
    List<String> entries = new ArrayList<>();
    if (!metadata.isEmpty()) {
      entries.add("\"__metadata__\":" + JsonMapper.shared().writeValueAsString(metadata));
    }
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    tensors.forEach(
        (name, tensor) -> {
          int begin = data.size();
          data.writeBytes(tensor.bytes());
          entries.add(entry(name, tensor, begin, data.size()));
        });
    return file("{" + String.join(",", entries) + "}" + " ".repeat(padding), data.toByteArray());
  }

  public Path writeTo(Path path) {
    return write(path, bytes());
  }

  public static Path write(Path path, byte[] bytes) {
    try {
      Files.deleteIfExists(path); // some file systems wait for the disk where a file is overwritten
      return Files.write(path, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Any header before any data. */
  public static byte[] file(String header, byte[] data) {
    byte[] json = header.getBytes(UTF_8);
    return ByteBuffer.allocate(8 + json.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .put(data)
        .array();
  }

  private static String entry(String name, Tensor tensor, int begin, int end) {
    return "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
        .formatted(name, tensor.type(), Arrays.toString(tensor.shape()), begin, end);
  }
}
