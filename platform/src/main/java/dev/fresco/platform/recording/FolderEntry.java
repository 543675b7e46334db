package dev.fresco.platform.recording;

import dev.fresco.planning.eviction.EvictionPlan;
import java.nio.file.Path;
import java.time.Instant;

/** One recording of a {@link RecordingFolder}; guarded by the folder's lock. */
final class FolderEntry<R> {
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
}
