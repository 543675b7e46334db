package dev.fresco.engine.recording;

import dev.fresco.contracts.template.RecordingKey;
import dev.fresco.engine.EngineException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.Predicate;

/**
 * Writes a recording's file, front to back, as {@code NAME.part} beside its place; {@link #finish}
 * makes it visible whole. What the first step has, every step must have. After a failure there is
 * no file, and every further call fails with the same words.
 *
 * <p>Calls come one after the other, from any thread.
 */
public final class RecordingWriter implements RecordingSink, AutoCloseable {
  /** Ends the name of a file that is being written. */
  public static final String PART = ".part";

  private final Path target;
  private final Path part;
  private final RecordingKey key;
  private final LongConsumer room;
  private final Predicate<RecordedTensor> int8;
  private final FileChannel channel;

  private RecordingLayout.Builder first = new RecordingLayout.Builder();

  /** Null while the first step is written. */
  private RecordingLayout layout;

  private ByteBuffer header;
  private int headerChecksum;
  private int step;
  private final List<Integer> checksums = new ArrayList<>();
  private String failure;
  private boolean ended;

  /**
   * @param target where the file will be; its folder exists
   * @param room called once, with the bytes of the whole file, when they are known; throws if there
   *     is no room for them
   * @throws EngineException if the file cannot be made
   */
  public RecordingWriter(Path target, RecordingKey key, LongConsumer room) {
    this(target, key, room, tensor -> false);
  }

  /**
   * As the other, with some tensors in half the bytes, and less exact.
   *
   * @param int8 which of the bf16 tensors are stored as int8, with a scale for each row, the last
   *     axis; fp32 tensors stay as they are
   */
  public RecordingWriter(
      Path target, RecordingKey key, LongConsumer room, Predicate<RecordedTensor> int8) {
    this(
        target,
        key,
        room,
        int8,
        part -> FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
  }

  RecordingWriter(
      Path target,
      RecordingKey key,
      LongConsumer room,
      Predicate<RecordedTensor> int8,
      Opening opening) {
    this.int8 = int8;
    this.target = target;
    this.part = target.resolveSibling(target.getFileName() + PART);
    this.key = key;
    this.room = room;
    try {
      Files.deleteIfExists(part);
      channel = opening.open(part);
    } catch (IOException e) {
      throw new EngineException("recording " + part + " cannot be made: " + e, e);
    }
  }

  @Override
  public void put(int toStep, RecordedTensor tensor) {
    attempt(
        () -> {
          if (toStep == step + 1) {
            endStep();
            step++;
          }
          if (toStep != step || step >= key.steps()) {
            throw new IllegalArgumentException(
                "step %d of %d does not follow step %d".formatted(toStep, key.steps(), step));
          }
          append(tensor);
        });
  }

  private void append(RecordedTensor tensor) throws IOException {
    Slab slab = layout == null ? added(tensor) : expected(tensor);
    int due = slab.numbers() * tensor.type().bytes();
    if (tensor.data().remaining() != due) {
      throw new IllegalArgumentException(
          "tensor %s has %d bytes; its shape needs %d"
              .formatted(tensor.name(), tensor.data().remaining(), due));
    }
    ByteBuffer stored =
        slab.form() == StoredForm.INT8
            ? Int8Rows.encode(tensor.data(), slab.row())
            : tensor.data().duplicate();
    checksums.add(BlockChecksums.of(stored));
    long start = layout == null ? RecordingHeader.ROOM : layout.blockStart(step);
    write(stored, start + slab.offset());
  }

  private Slab added(RecordedTensor tensor) {
    boolean half = tensor.type() == RecordedTensor.Type.BF16 && int8.test(tensor);
    StoredForm form = half ? StoredForm.INT8 : StoredForm.plain(tensor.type());
    return first.add(tensor.name(), form, tensor.shape());
  }

  private Slab expected(RecordedTensor tensor) {
    Slab slab = layout.slabs().get(tensor.name());
    if (slab == null
        || slab.index() != checksums.size()
        || slab.form().type() != tensor.type()
        || !Arrays.equals(slab.axes(), tensor.shape())) {
      throw new IllegalArgumentException(
          "tensor %s of step %d is not the one that step 0 has at place %d"
              .formatted(tensor.name(), step, checksums.size()));
    }
    return slab;
  }

  /** Writes the table of checksums; after the first step, everything's place is known. */
  private void endStep() throws IOException {
    if (layout == null) {
      layout = first.build(key, RecordingHeader.ROOM);
      first = null;
      header = RecordingHeader.write(layout);
      headerChecksum = RecordingHeader.checksum(header);
      if (header.remaining() > RecordingHeader.ROOM) {
        throw new IllegalArgumentException(
            "the header has %d bytes; there is room for %d"
                .formatted(header.remaining(), RecordingHeader.ROOM));
      }
      room.accept(layout.fileBytes());
    }
    if (checksums.size() != layout.slabs().size()) {
      throw new IllegalArgumentException(
          "step %d has %d tensors; step 0 has %d"
              .formatted(step, checksums.size(), layout.slabs().size()));
    }
    int[] sums = checksums.stream().mapToInt(Integer::intValue).toArray();
    write(
        BlockChecksums.write(headerChecksum, step, sums),
        layout.blockStart(step) + layout.tableOffset());
    checksums.clear();
  }

  private void write(ByteBuffer bytes, long position) throws IOException {
    long at = position;
    while (bytes.hasRemaining()) {
      at += channel.write(bytes, at);
    }
  }

  /**
   * Makes the file visible, when all of it is on the disk.
   *
   * @throws EngineException if steps are missing, or the disk fails; then there is no file
   */
  public void finish() {
    attempt(
        () -> {
          endStep();
          if (step != key.steps() - 1) {
            throw new IllegalArgumentException(
                "it ends after step %d of %d".formatted(step, key.steps()));
          }
          // The last block is filled up; the header comes last, so that nothing else looks whole.
          long end = layout.fileBytes();
          if (channel.size() < end) {
            write(ByteBuffer.allocate(1), end - 1);
          }
          write(header, 0);
          channel.force(true);
          channel.close();
          Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
          forceFolder();
          failure = "it is finished";
          ended = true;
        });
  }

  /** Without this, a power failure may take back the new name. */
  private void forceFolder() throws IOException {
    try (FileChannel folder = FileChannel.open(target.toAbsolutePath().getParent())) {
      folder.force(true);
    } catch (IOException e) {
      Files.deleteIfExists(target);
      throw e;
    }
  }

  /** Gives the recording up; does nothing after {@link #finish}. */
  public void abandon() {
    if (!ended) {
      ended = true;
      failure = failure == null ? "it was given up" : failure;
      remove(null);
    }
  }

  /** As {@link #abandon}. */
  @Override
  public void close() {
    abandon();
  }

  private void attempt(Action action) {
    if (failure != null) {
      throw new EngineException("recording %s: %s".formatted(target, failure));
    }
    try {
      action.run();
    } catch (IOException e) {
      throw failed("cannot be written: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      throw failed(e.getMessage(), e);
    }
  }

  private EngineException failed(String what, Exception cause) {
    failure = what;
    remove(cause);
    return new EngineException("recording %s: %s".formatted(target, what), cause);
  }

  private void remove(Exception because) {
    try {
      channel.close();
      Files.deleteIfExists(part);
    } catch (IOException e) {
      if (because == null) {
        throw new EngineException("recording " + part + " cannot be removed: " + e, e);
      }
      because.addSuppressed(e);
    }
  }

  /** Makes the file that is written to. */
  interface Opening {
    FileChannel open(Path part) throws IOException;
  }

  private interface Action {
    void run() throws IOException;
  }
}
