package dev.fresco.engine.checkpoint;

import dev.fresco.engine.EngineException;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.LongStream;

/**
 * A safetensors file: its header, then the tensors' bytes. The header is checked whole before
 * anything is mapped. Mapped bytes stay valid after closing, as long as the file is neither cut nor
 * overwritten in place; a model store is read-only.
 */
public final class SafetensorsFile implements TensorSource {
  /** Headers of the largest models have under 1 MiB; free text may make up more. */
  private static final SafetensorsHeader.Limit LONGEST_HEADER =
      new SafetensorsHeader.Limit(16 << 20, "of checkpoints");

  /** Of a tensor, that one thread reads: 4 MiB. */
  private static final int PIECE = 1 << 22;

  private final Path path;
  private final FileChannel channel;
  private final SafetensorsHeader header;
  private final Map<Range, WeakReference<ByteBuffer>> mappings = new HashMap<>();

  /** Bytes of the data. */
  private record Range(long begin, long byteCount) {}

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
              Channels.newInputStream(channel), channel.size(), path.toString(), LONGEST_HEADER);
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

  @Override
  public String place() {
    return path.toString();
  }

  @Override
  public String place(StoredTensor tensor) {
    return path + ": tensor " + tensor.name();
  }

  @Override
  public SortedMap<String, StoredTensor> tensors() {
    return header.tensors();
  }

  /** The header's free text entries. */
  public Map<String, String> metadata() {
    return header.metadata();
  }

  @Override
  public ByteBuffer map(StoredTensor tensor) {
    if (tensor.byteCount() > Integer.MAX_VALUE) {
      throw new EngineException(
          "%s has %d bytes; the limit is %d"
              .formatted(place(tensor), tensor.byteCount(), Integer.MAX_VALUE));
    }
    try {
      return mapped(new Range(tensor.begin(), tensor.byteCount())).order(ByteOrder.LITTLE_ENDIAN);
    } catch (IOException e) {
      throw new EngineException(place(tensor) + " cannot be mapped: " + e, e);
    }
  }

  /**
   * A view of a mapping that is still in use, or a new one. Weights that adapters change are mapped
   * again and again, and a process may have but some 65,000 mappings until they are collected.
   */
  private synchronized ByteBuffer mapped(Range range) throws IOException {
    WeakReference<ByteBuffer> known = mappings.get(range);
    ByteBuffer mapping = known == null ? null : known.get();
    if (mapping == null) {
      mapping =
          channel.map(MapMode.READ_ONLY, header.dataStart() + range.begin(), range.byteCount());
      mappings.put(range, new WeakReference<>(mapping));
    }
    return mapping.duplicate();
  }

  @Override
  public void read(StoredTensor tensor, ByteBuffer into) {
    long pieces = (tensor.byteCount() + PIECE - 1) / PIECE;
    LongStream.range(0, pieces).parallel().forEach(piece -> read(tensor, piece * PIECE, into));
  }

  /** A piece, from a place in the tensor on. */
  private void read(StoredTensor tensor, long place, ByteBuffer into) {
    int bytes = (int) Math.min(PIECE, tensor.byteCount() - place);
    ByteBuffer left = into.slice((int) place, bytes);
    long at = header.dataStart() + tensor.begin() + place;
    try {
      while (left.hasRemaining()) {
        if (channel.read(left, at + left.position()) < 0) {
          throw new EngineException(place(tensor) + ": the file became shorter while it was read");
        }
      }
    } catch (IOException e) {
      throw new EngineException(place(tensor) + " cannot be read: " + e, e);
    }
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
