package dev.fresco.engine.checkpoint;

import dev.fresco.engine.EngineException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.SortedMap;

/**
 * A safetensors file: eight bytes of header length, a JSON header, then the tensors' bytes. The
 * header is checked whole before anything is mapped. Mapped bytes stay valid after closing, as long
 * as the file is neither cut nor overwritten in place; a model store is read-only.
 */
public final class SafetensorsFile implements AutoCloseable {
  private static final int LENGTH_BYTES = 8;

  /** The format's own limit. */
  private static final long LARGEST_HEADER = 100_000_000;

  private final Path path;
  private final FileChannel channel;
  private final SafetensorsHeader header;
  private final long dataStart;

  private SafetensorsFile(
      Path path, FileChannel channel, SafetensorsHeader header, long dataStart) {
    this.path = path;
    this.channel = channel;
    this.header = header;
    this.dataStart = dataStart;
  }

  /**
   * Opens a file and checks its header.
   *
   * @throws EngineException naming the file, the key and what is wrong
   */
  public static SafetensorsFile open(Path path) {
    FileChannel channel = null;
    try {
      channel = FileChannel.open(path, StandardOpenOption.READ);
      long headerBytes = headerLength(path, channel);
      byte[] json = new byte[(int) headerBytes];
      readFully(path, channel, ByteBuffer.wrap(json), LENGTH_BYTES);
      long dataStart = LENGTH_BYTES + headerBytes;
      SafetensorsHeader header = SafetensorsHeader.parse(json, channel.size() - dataStart, path);
      return new SafetensorsFile(path, channel, header, dataStart);
    } catch (IOException e) {
      closeQuietly(channel, e);
      throw new EngineException(path + ": cannot be read: " + e, e);
    } catch (RuntimeException e) {
      closeQuietly(channel, e);
      throw e;
    }
  }

  public Path path() {
    return path;
  }

  /** All tensors by name. */
  public SortedMap<String, StoredTensor> tensors() {
    return header.tensors();
  }

  /** The header's free text entries. */
  public Map<String, String> metadata() {
    return header.metadata();
  }

  /**
   * What the header says of a tensor.
   *
   * @throws EngineException if the file has none of that name
   */
  public StoredTensor tensor(String name) {
    StoredTensor tensor = header.tensors().get(name);
    if (tensor == null) {
      throw new EngineException(path + ": has no tensor " + name);
    }
    return tensor;
  }

  /** A tensor's bytes without copying: read-only, little-endian. */
  public ByteBuffer map(StoredTensor tensor) {
    if (tensor.byteCount() > Integer.MAX_VALUE) {
      throw new EngineException(
          "%s: tensor %s has %d bytes; the limit is %d"
              .formatted(path, tensor.name(), tensor.byteCount(), Integer.MAX_VALUE));
    }
    try {
      return channel
          .map(MapMode.READ_ONLY, dataStart + tensor.begin(), tensor.byteCount())
          .order(ByteOrder.LITTLE_ENDIAN);
    } catch (IOException e) {
      throw new EngineException(path + ": tensor " + tensor.name() + " cannot be mapped: " + e, e);
    }
  }

  /**
   * A tensor's numbers as fp32, whatever their type in the file.
   *
   * @throws EngineException if there is none of that name, or its type has no such conversion
   */
  public float[] floats(String name) {
    StoredTensor tensor = tensor(name);
    return StoredNumbers.toFloats(tensor, map(tensor), path);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new EngineException(path + ": cannot be closed: " + e, e);
    }
  }

  private static long headerLength(Path path, FileChannel channel) throws IOException {
    long fileBytes = channel.size();
    if (fileBytes < LENGTH_BYTES) {
      throw new EngineException(
          path + ": has " + fileBytes + " bytes; a safetensors file has at least " + LENGTH_BYTES);
    }
    ByteBuffer length = ByteBuffer.allocate(LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    readFully(path, channel, length, 0);
    long headerBytes = length.getLong(0);
    if (headerBytes < 0 || headerBytes > LARGEST_HEADER || headerBytes > fileBytes - LENGTH_BYTES) {
      throw new EngineException(
          "%s: header length %s is over what the file (%d bytes) or the format (%d) allows"
              .formatted(path, Long.toUnsignedString(headerBytes), fileBytes, LARGEST_HEADER));
    }
    return headerBytes;
  }

  private static void readFully(Path path, FileChannel channel, ByteBuffer into, long from)
      throws IOException {
    long position = from;
    while (into.hasRemaining()) {
      int count = channel.read(into, position);
      if (count < 0) {
        throw new EngineException(path + ": ends at byte " + position + ", inside the header");
      }
      position += count;
    }
  }

  private static void closeQuietly(FileChannel channel, Exception because) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        because.addSuppressed(e);
      }
    }
  }
}
