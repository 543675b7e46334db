package dev.fresco.platform.recording;

import dev.fresco.planning.eviction.EvictionPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recordings in a folder that one process owns, of limited size.
 *
 * <p>Goal: what is in use is never removed; all together never take more than the limit, nor the
 * disk's last bytes; what is seen is whole or says that it is arriving.
 *
 * <p>Algorithm: users hold leases. Room for a newcomer is reserved before its bytes are written;
 * what leaves for it, {@link EvictionPlan} says. A file is written under another name and then
 * renamed; rests of writing are removed when the folder is opened. The order of use is kept in the
 * files' access times, so it survives the process.
 *
 * @param <R> an open recording
 */
public final class RecordingFolder<R extends AutoCloseable> implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RecordingFolder.class);

  private final Settings settings;
  private final RecordingFormat<R> format;
  private final Clock clock;
  private Listener<R> listener;
  private final Map<String, FolderEntry<R>> entries = new LinkedHashMap<>();
  private final List<Runnable> news = new ArrayList<>();

  /**
   * @param limit of all files in bytes
   * @param limitKnob the property that sets it
   * @param diskReserve bytes of the disk that are left to others
   */
  public record Settings(Path folder, long limit, String limitKnob, long diskReserve) {}

  /** Why a recording leaves. */
  public enum Reason {
    ROOM,
    DAMAGED,
    REQUESTED,
    TEMPLATE_DELETED,
    /** It did not arrive; it was never whole. */
    UNFINISHED
  }

  /** Hears of what comes and goes, after it has happened. */
  public interface Listener<R> {
    /** Also told of what was there when the folder was opened. */
    void kept(String id, R recording);

    void left(String id, Reason reason);
  }

  /** What is known of a recording. */
  public record Held<R>(
      String id, R recording, long bytes, int leases, long hits, Instant since, Instant lastUsed) {}

  public RecordingFolder(Settings settings, RecordingFormat<R> format, Clock clock) {
    this.settings = settings;
    this.format = format;
    this.clock = clock;
  }

  /**
   * Opens the folder, and every recording in it; until then it is empty. What is damaged is
   * removed, as if it were found so later.
   */
  public void open(Listener<R> hearing) {
    this.listener = hearing;
    try {
      List<FolderEntry<R>> found = FolderScan.entries(settings.folder());
      synchronized (this) {
        found.forEach(this::admit);
        // A limit that has become smaller since.
        makeRoom(0);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the folder of recordings cannot be read: " + settings.folder(), e);
    }
    tell();
  }

  private void admit(FolderEntry<R> entry) {
    entries.put(entry.id, entry);
    try {
      R recording = format.openWhole(entry.file);
      entry.recording = recording;
      // Opening it has read it, which was no use.
      entry.rememberUse();
      news.add(() -> listener.kept(entry.id, recording));
    } catch (RuntimeException e) {
      log.error("{} is removed", entry.file, e);
      remove(entry, Reason.DAMAGED);
    }
  }

  /** Whether this can be a recording's id. */
  public static boolean isId(String id) {
    return FolderNames.ID.matcher(id).matches();
  }

  /** A recording that can be read, whole or arriving. */
  public synchronized Optional<RecordingLease<R>> take(String id) {
    Optional<RecordingLease<R>> lease = takeAgain(id);
    lease.ifPresent(taken -> entries.get(id).hits++);
    return lease;
  }

  /** As {@link #take}, for a further part of a use that was counted. */
  public synchronized Optional<RecordingLease<R>> takeAgain(String id) {
    FolderEntry<R> entry = entries.get(id);
    if (entry == null || !entry.canBeTaken()) {
      return Optional.empty();
    }
    entry.lastUsed = clock.instant();
    if (!entry.draft) {
      entry.rememberUse();
    }
    return Optional.of(lease(entry));
  }

  private synchronized Path place(FolderEntry<R> entry) {
    return entry.place();
  }

  private RecordingLease<R> lease(FolderEntry<R> entry) {
    entry.leases++;
    return new RecordingLease<>(
        entry.recording,
        () -> place(entry),
        entry.bytes,
        entry.version,
        entry.arrival,
        () -> release(entry));
  }

  private void release(FolderEntry<R> entry) {
    synchronized (this) {
      entry.leases--;
      if (entry.leases == 0 && entry.leaving != null) {
        remove(entry, entry.leaving);
      }
    }
    tell();
  }

  /** Removes a recording, at once or with its last lease; nobody gets another. */
  public boolean remove(String id, Reason reason) {
    boolean found;
    synchronized (this) {
      FolderEntry<R> entry = entries.get(id);
      found = entry != null && !entry.draft && entry.leaving == null;
      if (found) {
        leave(entry, reason);
      }
    }
    tell();
    return found;
  }

  private void leave(FolderEntry<R> entry, Reason reason) {
    if (entry.leases == 0) {
      remove(entry, reason);
    } else {
      entry.leaving = reason;
    }
  }

  private void remove(FolderEntry<R> entry, Reason reason) {
    entries.remove(entry.id, entry);
    entry.delete();
    news.add(() -> listener.left(entry.id, reason));
  }

  /** All that can be taken. */
  public synchronized List<Held<R>> held() {
    return entries.values().stream()
        .filter(FolderEntry::canBeTaken)
        .map(
            one ->
                new Held<>(
                    one.id,
                    one.recording,
                    one.bytes,
                    one.leases,
                    one.hits,
                    one.since,
                    one.lastUsed))
        .toList();
  }

  /** Bytes taken or reserved. */
  public synchronized long bytes() {
    return entries.values().stream().mapToLong(entry -> entry.bytes).sum();
  }

  /**
   * Begins a recording that is not there; empty if it is, or is being written.
   *
   * @throws IllegalArgumentException if this is no recording's id
   */
  public synchronized Optional<RecordingDraft<R>> draft(String id) {
    if (!isId(id)) {
      throw new IllegalArgumentException(
          "recording id is '" + id + "'; it must match " + FolderNames.ID);
    }
    if (entries.containsKey(id)) {
      return Optional.empty();
    }
    FolderEntry<R> entry =
        new FolderEntry<>(id, FolderNames.file(settings.folder(), id), clock.instant());
    entry.draft = true;
    entries.put(id, entry);
    return Optional.of(new RecordingDraft<>(this, entry));
  }

  /** Reserves room for a draft; others may leave for it. */
  void reserve(FolderEntry<R> entry, long bytes) {
    synchronized (this) {
      makeRoom(bytes - entry.bytes);
      entry.bytes = bytes;
    }
    tell();
  }

  /** Lets others take a draft. */
  synchronized void show(FolderEntry<R> entry, R recording, Arrival arrival, String version) {
    if (!entry.draft) {
      throw new RecordingUnavailableException("recording " + entry.id + " was given up");
    }
    entry.version = version;
    entry.recording = recording;
    entry.arrival = arrival;
  }

  /** A draft's file is in its place. */
  RecordingLease<R> keep(FolderEntry<R> entry) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(entry.file, BasicFileAttributes.class);
    R opened = entry.recording == null ? format.openWhole(entry.file) : entry.recording;
    RecordingLease<R> lease;
    synchronized (this) {
      entry.recording = opened;
      entry.draft = false;
      entry.bytes = attributes.size();
      entry.version = entry.version == null ? FolderNames.version(attributes) : entry.version;
      entry.since = attributes.lastModifiedTime().toInstant();
      entry.lastUsed = clock.instant();
      entry.rememberUse();
      news.add(() -> listener.kept(entry.id, opened));
      lease = lease(entry);
    }
    tell();
    return lease;
  }

  /** Forgets a draft that is not kept. */
  void giveUp(FolderEntry<R> entry) {
    synchronized (this) {
      if (entry.draft) {
        entry.draft = false;
        leave(entry, Reason.UNFINISHED);
      }
    }
    tell();
  }

  private void makeRoom(long bytes) {
    new FolderLimit(settings)
        .leaving(bytes, List.copyOf(entries.values()))
        .forEach(id -> remove(entries.get(id), Reason.ROOM));
  }

  /** Outside the lock: listeners may take their time. */
  private void tell() {
    List<Runnable> due;
    synchronized (this) {
      due = List.copyOf(news);
      news.clear();
    }
    due.forEach(Runnable::run);
  }

  /** Closes what is open; the files stay. */
  @Override
  public synchronized void close() {
    for (FolderEntry<R> entry : entries.values()) {
      entry.close();
    }
    entries.clear();
  }
}
