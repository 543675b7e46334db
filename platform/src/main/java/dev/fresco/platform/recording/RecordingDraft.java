package dev.fresco.platform.recording;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A recording on its way into a {@link RecordingFolder}. Closed before it is kept, it leaves
 * nothing.
 */
public final class RecordingDraft<R extends AutoCloseable> implements AutoCloseable {
  private final RecordingFolder<R> folder;
  private final FolderEntry<R> entry;

  RecordingDraft(RecordingFolder<R> folder, FolderEntry<R> entry) {
    this.folder = folder;
    this.entry = entry;
  }

  /** Where the whole file must be when it is kept. */
  public Path file() {
    return entry.file;
  }

  /** Where it is written until then. */
  public Path part() {
    return FolderNames.part(entry.file);
  }

  /**
   * Reserves room for the whole file; others may leave for it.
   *
   * @throws RecordingUnavailableException saying why there is none
   */
  public void room(long bytes) {
    folder.reserve(entry, bytes);
  }

  /** Lets others read it while it arrives. */
  void show(R recording, Arrival arrival, String version) {
    folder.show(entry, recording, arrival, version);
  }

  /**
   * The file is there: it stays, until it is removed or must make room.
   *
   * @throws RuntimeException if it is damaged; then it is gone when this is closed
   */
  public void keep() throws IOException {
    keepAndTake().close();
  }

  /** Keeps it, with a lease: nothing can take its place before it is used. */
  public RecordingLease<R> keepAndTake() throws IOException {
    return folder.keep(entry);
  }

  @Override
  public void close() {
    folder.giveUp(entry);
  }
}
