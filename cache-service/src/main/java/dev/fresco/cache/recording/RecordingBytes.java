package dev.fresco.cache.recording;

import dev.fresco.engine.recording.RecordingFile;
import dev.fresco.platform.recording.RecordingLease;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Sends parts of recordings: from mapped memory, else from the disk, as far as they have arrived.
 */
public final class RecordingBytes {
  private static final int BUFFER_BYTES = 1 << 18;

  private final MemoryTier memory;

  public RecordingBytes(MemoryTier memory) {
    this.memory = memory;
  }

  /**
   * Writes some bytes of a recording.
   *
   * @throws IOException if the other side is gone, or what is missing does not arrive
   */
  public void write(
      RecordingLease<RecordingFile> lease, long from, long length, OutputStream target)
      throws IOException {
    Optional<MemoryTier.Windows> windows =
        lease.isWhole()
            ? memory.windows(lease.recording().key().id(), lease.file(), lease.bytes())
            : Optional.empty();
    if (windows.isPresent()) {
      fromMemory(windows.get(), from, length, target);
    } else {
      fromDisk(lease, from, length, target);
    }
  }

  private static void fromMemory(
      MemoryTier.Windows windows, long from, long length, OutputStream target) throws IOException {
    byte[] buffer = new byte[(int) Math.min(BUFFER_BYTES, length)];
    long at = from;
    while (at < from + length) {
      int read = windows.read(at, buffer, (int) Math.min(buffer.length, from + length - at));
      target.write(buffer, 0, read);
      at += read;
    }
  }

  private static void fromDisk(
      RecordingLease<RecordingFile> lease, long from, long length, OutputStream target)
      throws IOException {
    byte[] buffer = new byte[(int) Math.min(BUFFER_BYTES, length)];
    try (FileChannel channel = opened(lease)) {
      long at = from;
      while (at < from + length) {
        int wanted = (int) Math.min(buffer.length, from + length - at);
        lease.awaitBytes(at + wanted);
        int read = channel.read(ByteBuffer.wrap(buffer, 0, wanted), at);
        if (read < 0) {
          throw new IOException(lease.file() + " ends before byte " + at);
        }
        target.write(buffer, 0, read);
        at += read;
      }
    }
  }

  private static FileChannel opened(RecordingLease<?> lease) throws IOException {
    Path file = lease.file();
    try {
      return FileChannel.open(file, StandardOpenOption.READ);
    } catch (NoSuchFileException renamed) {
      // It became whole in between.
      return FileChannel.open(lease.file(), StandardOpenOption.READ);
    }
  }
}
