package dev.fresco.platform.recording;

import dev.fresco.planning.eviction.EvictionPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One recording of a {@link RecordingFolder}, and its file; guarded by the folder's lock. */
final class FolderEntry<R extends AutoCloseable> {
  private static final Logger log = LoggerFactory.getLogger(FolderEntry.class);

  final String id;

  /** Where it lies, or will lie. */
  final Path file;

  /** Reserved or taken. */
  long bytes;

  /** Null as long as nobody can read it. */
  R recording;

  Arrival arrival = Arrival.done();

  /** Tells this file from others that have or had its name. */
  String version;

  /** It is being written, by a {@link RecordingDraft}. */
  boolean draft;

  /** It goes with its last lease, for this reason; or null. */
  RecordingFolder.Reason leaving;

  int leases;
  long hits;
  Instant since;
  Instant lastUsed;

  FolderEntry(String id, Path file, Instant now) {
    this.id = id;
    this.file = file;
    this.since = now;
    this.lastUsed = now;
  }

  boolean canBeTaken() {
    return recording != null && leaving == null;
  }

  EvictionPlan.Kept kept() {
    return new EvictionPlan.Kept(id, bytes, lastUsed.toEpochMilli(), draft || leases > 0);
  }

  /** Where the file is at present. */
  Path place() {
    return draft ? FolderNames.part(file) : file;
  }

  /** Keeps the last use in the file's access time, so that it survives the process. */
  void rememberUse() {
    try {
      Files.getFileAttributeView(file, BasicFileAttributeView.class)
          .setTimes(null, FileTime.from(lastUsed), null);
    } catch (IOException e) {
      log.warn("the use of {} is forgotten when this process ends: {}", file, e.toString());
    }
  }

  void close() {
    try {
      if (recording != null) {
        recording.close();
      }
    } catch (Exception e) {
      log.warn("{} did not close cleanly", file, e);
    }
  }

  /** Closes it and removes its file, whole or not. */
  void delete() {
    close();
    try {
      Files.deleteIfExists(FolderNames.part(file));
      Files.deleteIfExists(file);
    } catch (IOException e) {
      log.error("{} cannot be removed; it takes room until this process ends", file, e);
    }
  }
}
