package dev.fresco.engine.training;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.djl.ndarray.NDArray;
import dev.fresco.engine.EngineException;
import dev.fresco.engine.checkpoint.SafetensorsFile;
import dev.fresco.engine.checkpoint.StoredTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes fp32 tensors as a safetensors file. The file appears under its name when all of it is on
 * the disk, in the place of one that was there; until then, and on any failure, that one stays.
 */
public final class SafetensorsWriter {
  private SafetensorsWriter() {}

  /**
   * A tensor to be written.
   *
   * @param bytes in the format's order; asked for once, when it is written
   */
  private record Content(long[] shape, Supplier<ByteBuffer> bytes) {
    long byteCount() {
      return Arrays.stream(shape).reduce(Float.BYTES, Math::multiplyExact);
    }
  }

  /**
   * @param metadata the header's free text
   * @throws EngineException naming the file, if it cannot be written
   */
  public static void write(
      Path target, SortedMap<String, NDArray> tensors, Map<String, String> metadata) {
    SortedMap<String, Content> contents = new TreeMap<>();
    tensors.forEach(
        (name, tensor) ->
            contents.put(name, new Content(tensor.getShape().getShape(), () -> bytes(tensor))));
    writeAll(target, contents, metadata);
  }

  /**
   * Writes tensors of other files, one in memory at a time.
   *
   * @param tensors fp32, with the open file of each
   * @param metadata the header's free text
   * @throws EngineException naming the file, if it cannot be written
   */
  static void copy(
      Path target, Map<StoredTensor, SafetensorsFile> tensors, Map<String, String> metadata) {
    SortedMap<String, Content> contents = new TreeMap<>();
    tensors.forEach(
        (tensor, file) ->
            contents.put(tensor.name(), new Content(tensor.shape(), () -> file.map(tensor))));
    writeAll(target, contents, metadata);
  }

  private static void writeAll(
      Path target, SortedMap<String, Content> tensors, Map<String, String> metadata) {
    Path folder = target.toAbsolutePath().getParent();
    try {
      Path draft = Files.createTempFile(folder, "." + target.getFileName(), ".draft");
      try {
        fill(draft, tensors, metadata);
        Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(draft);
      }
      try (FileChannel entry = FileChannel.open(folder)) {
        entry.force(true); // or a power failure may take back the new name
      }
    } catch (IOException e) {
      throw new EngineException(target + ": cannot be written: " + e, e);
    }
  }

  private static void fill(
      Path draft, SortedMap<String, Content> tensors, Map<String, String> metadata)
      throws IOException {
    try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
      byte[] header = header(tensors, metadata);
      put(channel, length(header));
      put(channel, ByteBuffer.wrap(header));
      for (Content tensor : tensors.values()) {
        put(channel, tensor.bytes().get());
      }
      channel.force(true);
    }
  }

  /** Filled up with spaces to a multiple of eight bytes, so that the tensors are aligned. */
  private static byte[] header(SortedMap<String, Content> tensors, Map<String, String> metadata) {
    ObjectNode header = JsonMapper.shared().createObjectNode();
    ObjectNode text = header.putObject("__metadata__");
    metadata.forEach(text::put);
    long end = 0;
    for (Map.Entry<String, Content> tensor : tensors.entrySet()) {
      ObjectNode entry = header.putObject(tensor.getKey()).put("dtype", "F32");
      var shape = entry.putArray("shape");
      for (long size : tensor.getValue().shape()) {
        shape.add(size);
      }
      long begin = end;
      end += tensor.getValue().byteCount();
      entry.putArray("data_offsets").add(begin).add(end);
    }
    String json = header.toString();
    int over = json.getBytes(UTF_8).length % Long.BYTES;
    return (json + " ".repeat((Long.BYTES - over) % Long.BYTES)).getBytes(UTF_8);
  }

  private static ByteBuffer length(byte[] header) {
    return ByteBuffer.allocate(Long.BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(header.length)
        .flip();
  }

  private static ByteBuffer bytes(NDArray tensor) {
    float[] values = tensor.toFloatArray();
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes;
  }

  private static void put(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
