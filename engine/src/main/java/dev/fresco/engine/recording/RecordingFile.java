package dev.fresco.engine.recording;

import dev.fresco.contracts.template.RecordingKey;
import dev.fresco.engine.EngineException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongConsumer;

/**
 * A recording in a file, which {@link RecordingWriter} wrote. The header is checked whole when the
 * file is opened; a tensor is mapped and held to its checksum when it is first asked for, so
 * opening reads almost nothing. What a tensor's data shows stays readable after closing too, as
 * long as somebody holds it; the file may be removed or renamed meanwhile, but never cut or
 * overwritten.
 *
 * <p>A file that is still arriving can be read as well: it has its full size from the start, and
 * whoever asks for a step waits until it is there.
 *
 * <p>Threads may share it.
 */
public final class RecordingFile implements Recording, AutoCloseable {
  private static final LongConsumer ALL_HERE = bytes -> {};

  private final Path path;
  private final FileChannel channel;
  private final LongConsumer arrived;
  private final RecordingLayout layout;
  private final int headerChecksum;

  /** By step; null until the first tensor of the step is asked for. */
  private final AtomicReferenceArray<int[]> checksums;

  /** By step and window; null until something in it is asked for. */
  private final AtomicReferenceArray<ByteBuffer> mappings;

  /** By step and tensor: data that has been held to its checksum. */
  private final AtomicReferenceArray<ByteBuffer> sound;

  private RecordingFile(
      Path path, FileChannel channel, LongConsumer arrived, RecordingHeader.Read header) {
    this.path = path;
    this.channel = channel;
    this.arrived = arrived;
    this.layout = header.layout();
    this.headerChecksum = header.checksum();
    this.checksums = new AtomicReferenceArray<>(layout.steps());
    this.mappings = new AtomicReferenceArray<>(layout.steps() * layout.windows().size());
    this.sound = new AtomicReferenceArray<>(layout.steps() * layout.slabs().size());
  }

  /**
   * Opens a file that is there as a whole.
   *
   * @throws RecordingDamagedException saying what is wrong with it
   * @throws EngineException if it cannot be read
   */
  public static RecordingFile open(Path path) {
    return open(path, ALL_HERE);
  }

  /**
   * Opens a file that is arriving, from its start to its end. It must have its full size already.
   *
   * @param arrived waits until so many bytes, counted from the start, are there; throws if they
   *     will not come
   * @throws RecordingDamagedException saying what is wrong with it
   * @throws EngineException if it cannot be read
   */
  public static RecordingFile open(Path path, LongConsumer arrived) {
    LongConsumer waiting = bytes -> await(path, arrived, bytes);
    FileChannel channel = null;
    try {
      channel = FileChannel.open(path, StandardOpenOption.READ);
      return new RecordingFile(
          path, channel, waiting, RecordingHeader.read(channel, path.toString(), waiting));
    } catch (IOException e) {
      closeQuietly(channel, e);
      throw new EngineException(path + ": cannot be read: " + e, e);
    } catch (RuntimeException e) {
      closeQuietly(channel, e);
      throw e;
    }
  }

  private static void await(Path path, LongConsumer arrived, long bytes) {
    try {
      arrived.accept(bytes);
    } catch (RuntimeException e) {
      throw new EngineException(path + " does not arrive: " + e.getMessage(), e);
    }
  }

  /** What the recording depends on; its id names the file. */
  public RecordingKey key() {
    return layout.key();
  }

  /** Of the whole file. */
  public long bytes() {
    return layout.fileBytes();
  }

  /** Bytes that a step's tensor takes in the file. */
  public long bytes(String name) {
    return slab(name).bytes();
  }

  /** Bytes from the start of the file to the end of a step. */
  public long bytesUntil(int step) {
    return layout.blockStart(step + 1);
  }

  @Override
  public int steps() {
    return layout.steps();
  }

  @Override
  public List<String> names() {
    return List.copyOf(layout.slabs().keySet());
  }

  /**
   * A tensor. Its data is a view of the mapped file, read-only; or, of a tensor that is stored as
   * int8, bf16 numbers of its own that are worked out with each call.
   *
   * @throws RecordingDamagedException if its checksum is wrong
   * @throws EngineException if it cannot be read, or does not arrive
   */
  @Override
  public RecordedTensor tensor(int step, String name) {
    Slab slab = slab(name);
    if (step < 0 || step >= steps()) {
      throw new EngineException(
          "%s has the steps 0 to %d, not %d".formatted(path, steps() - 1, step));
    }
    int place = step * layout.slabs().size() + slab.index();
    ByteBuffer data = sound.get(place);
    if (data == null) {
      data = read(step, slab);
      sound.set(place, data);
    }
    ByteBuffer numbers =
        slab.form() == StoredForm.INT8
            ? Int8Rows.decode(data, slab.numbers(), slab.row())
            : data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    return new RecordedTensor(name, slab.form().type(), slab.axes(), numbers);
  }

  /**
   * Reads everything that has not been read yet.
   *
   * @throws RecordingDamagedException if a checksum is wrong
   */
  public void verify() {
    for (int step = 0; step < steps(); step++) {
      for (String name : layout.slabs().keySet()) {
        tensor(step, name);
      }
    }
  }

  private Slab slab(String name) {
    Slab slab = layout.slabs().get(name);
    if (slab == null) {
      throw new EngineException(path + " has no tensor " + name);
    }
    return slab;
  }

  private ByteBuffer read(int step, Slab slab) {
    try {
      int[] expected = checksums(step);
      RecordingLayout.Window window = layout.windows().get(slab.window());
      ByteBuffer data =
          mapping(step, slab.window())
              .slice((int) (slab.offset() - window.begin()), (int) slab.bytes());
      if (BlockChecksums.of(data) != expected[slab.index()]) {
        throw new RecordingDamagedException(
            "%s: the checksum of %s in step %d is wrong".formatted(path, slab.name(), step));
      }
      return data;
    } catch (IOException e) {
      throw new EngineException(
          "%s: %s of step %d cannot be read: %s".formatted(path, slab.name(), step, e), e);
    }
  }

  private ByteBuffer mapping(int step, int number) throws IOException {
    int place = step * layout.windows().size() + number;
    ByteBuffer known = mappings.get(place);
    if (known != null) {
      return known;
    }
    RecordingLayout.Window window = layout.windows().get(number);
    ByteBuffer mapping =
        channel.map(MapMode.READ_ONLY, layout.blockStart(step) + window.begin(), window.bytes());
    // Two threads may both have mapped it; either will do.
    mappings.set(place, mapping);
    return mapping;
  }

  private int[] checksums(int step) throws IOException {
    int[] known = checksums.get(step);
    if (known != null) {
      return known;
    }
    arrived.accept(layout.blockStart(step + 1));
    ByteBuffer table =
        RecordingHeader.bytes(
            channel, layout.blockStart(step) + layout.tableOffset(), layout.tableBytes());
    int[] read = BlockChecksums.read(headerChecksum, step, table);
    if (read == null) {
      throw new RecordingDamagedException(
          "%s: the checksums of step %d are damaged".formatted(path, step));
    }
    checksums.set(step, read);
    return read;
  }

  /** Nothing more is read; what was handed out stays. */
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
