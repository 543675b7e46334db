package dev.fresco.worker.recording;

import dev.fresco.engine.recording.RecordingDamagedException;
import dev.fresco.engine.recording.RecordingFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/** A recording in a file that goes with its last use, unless it is to stay for the next process. */
public final class Shelved implements AutoCloseable {
  private final RecordingFile recording;
  private final Path path;
  private final BooleanSupplier stays;
  private final AtomicBoolean removed = new AtomicBoolean();

  private Shelved(RecordingFile recording, Path path, BooleanSupplier stays) {
    this.recording = recording;
    this.path = path;
    this.stays = stays;
  }

  /**
   * @throws RecordingDamagedException if the file is not the recording of that id
   */
  static Shelved open(String id, Path path, BooleanSupplier stays) {
    RecordingFile recording = RecordingFile.open(path);
    if (!recording.key().id().equals(id)) {
      recording.close();
      throw new RecordingDamagedException(path + " is the recording " + recording.key().id());
    }
    return new Shelved(recording, path, stays);
  }

  public RecordingFile recording() {
    return recording;
  }

  Path path() {
    return path;
  }

  /** Removes the file; who reads it goes on. */
  void remove() throws IOException {
    if (removed.compareAndSet(false, true)) {
      Files.deleteIfExists(path);
    }
  }

  @Override
  public void close() throws IOException {
    recording.close();
    if (!stays.getAsBoolean()) {
      remove();
    }
  }
}
