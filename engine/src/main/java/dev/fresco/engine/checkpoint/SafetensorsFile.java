package dev.fresco.engine.checkpoint;

import dev.fresco.engine.EngineException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.SortedMap;

/**
 * A safetensors file: its header, then the tensors' bytes. The header is checked whole before
 * anything is mapped. Mapped bytes stay valid after closing, as long as the file is neither cut nor
 * overwritten in place; a model store is read-only.
 */
public final class SafetensorsFile implements AutoCloseable {
  private final Path path;
  private final FileChannel channel;
  private final SafetensorsHeader header;

  private SafetensorsFile(Path path, FileChannel channel, SafetensorsHeader header) {
    this.path = path;
    this.channel = channel;
    this.header = header;
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
      SafetensorsHeader header =
          SafetensorsHeader.read(
              Channels.newInputStream(channel),
              channel.size(),
              path.toString(),
              SafetensorsHeader.FORMAT_LIMIT);
      return new SafetensorsFile(path, channel, header);
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
          .map(MapMode.READ_ONLY, header.dataStart() + tensor.begin(), tensor.byteCount())
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
