package dev.fresco.engine.training;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.djl.ndarray.NDArray;
import dev.fresco.engine.EngineException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.SortedMap;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes fp32 tensors as a safetensors file. The file appears under its name when all of it is on
 * the disk, in the place of one that was there; until then, and on any failure, that one stays.
 */
public final class SafetensorsWriter {
  private SafetensorsWriter() {}

  /**
   * @param metadata the header's free text
   * @throws EngineException naming the file, if it cannot be written
   */
  public static void write(
      Path target, SortedMap<String, NDArray> tensors, Map<String, String> metadata) {
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
      Path draft, SortedMap<String, NDArray> tensors, Map<String, String> metadata)
      throws IOException {
    try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
      byte[] header = header(tensors, metadata);
      put(channel, length(header));
      put(channel, ByteBuffer.wrap(header));
      for (NDArray tensor : tensors.values()) {
        put(channel, bytes(tensor));
      }
      channel.force(true);
    }
  }

  /** Filled up with spaces to a multiple of eight bytes, so that the tensors are aligned. */
  private static byte[] header(SortedMap<String, NDArray> tensors, Map<String, String> metadata) {
    ObjectNode header = JsonMapper.shared().createObjectNode();
    ObjectNode text = header.putObject("__metadata__");
    metadata.forEach(text::put);
    long end = 0;
    for (Map.Entry<String, NDArray> tensor : tensors.entrySet()) {
      ObjectNode entry = header.putObject(tensor.getKey()).put("dtype", "F32");
      var shape = entry.putArray("shape");
      for (long size : tensor.getValue().getShape().getShape()) {
        shape.add(size);
      }
      long begin = end;
      end += tensor.getValue().size() * Float.BYTES;
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
