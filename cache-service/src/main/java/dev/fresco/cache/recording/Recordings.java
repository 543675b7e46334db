package dev.fresco.cache.recording;

import dev.fresco.contracts.template.TemplateEvent;
import dev.fresco.engine.recording.RecordingFile;
import dev.fresco.platform.recording.RecordingFetch;
import dev.fresco.platform.recording.RecordingFolder;
import dev.fresco.platform.recording.RecordingFolder.Held;
import dev.fresco.platform.recording.RecordingFolder.Reason;
import dev.fresco.platform.recording.RecordingLease;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The recordings of this node, and what it knows of those of others. */
public final class Recordings implements RecordingFolder.Listener<RecordingFile> {
  private static final Logger log = LoggerFactory.getLogger(Recordings.class);

  private final RecordingFolder<RecordingFile> folder;
  private final RecordingFetch<RecordingFile> fetch;
  private final MemoryTier memory;
  private final RecordingRegister register;
  private final RecordingNews news;
  private final RecordingMeters meters;
  private final Pins pins;
  private final RecordingSettings settings;

  Recordings(
      Tiers tiers,
      RecordingRegister register,
      RecordingNews news,
      RecordingMeters meters,
      Pins pins,
      RecordingSettings settings) {
    this.folder = tiers.folder();
    this.fetch = tiers.fetch();
    this.memory = tiers.memory();
    this.register = register;
    this.news = news;
    this.meters = meters;
    this.pins = pins;
    this.settings = settings;
  }

  /** Disk, other nodes, mapped memory. */
  record Tiers(
      RecordingFolder<RecordingFile> folder,
      RecordingFetch<RecordingFile> fetch,
      MemoryTier memory) {}

  /**
   * A recording, from here or from another node; in the latter case it may be arriving.
   *
   * @param again whether this is a further part of a use that was counted
   */
  public Optional<RecordingLease<RecordingFile>> take(String id, boolean again) {
    Optional<RecordingLease<RecordingFile>> here = again ? folder.takeAgain(id) : folder.take(id);
    if (here.isPresent()) {
      if (!again) {
        meters.hit(memory.has(id) ? "memory" : "disk");
      }
      return here;
    }
    Optional<RecordingLease<RecordingFile>> there =
        RecordingFolder.isId(id) && register.nodeWith(id).isPresent()
            ? fetched(id)
            : Optional.empty();
    if (there.isPresent()) {
      meters.hit("remote");
    } else {
      meters.miss();
    }
    return there;
  }

  /** As {@link #take}, but from here only. */
  public Optional<RecordingLease<RecordingFile>> takeHere(String id) {
    return folder.takeAgain(id);
  }

  private Optional<RecordingLease<RecordingFile>> fetched(String id) {
    var coming = fetch.fetch(id);
    try {
      return Optional.of(coming.get(settings.fetchWait().toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException | ExecutionException e) {
      log.info("recording {} does not come from another node: {}", id, e.toString());
    }
    coming.thenAccept(RecordingLease::close);
    return Optional.empty();
  }

  /** All copies, of all nodes. */
  public List<RecordingCopy> all() {
    return Stream.concat(here().stream(), register.others().stream()).toList();
  }

  private List<RecordingCopy> here() {
    return folder.held().stream().map(this::copy).toList();
  }

  private RecordingCopy copy(Held<RecordingFile> held) {
    return new RecordingCopy(
        held.id(),
        held.recording().key(),
        held.bytes(),
        settings.node(),
        memory.has(held.id()) ? RecordingCopy.Tier.MEMORY : RecordingCopy.Tier.DISK,
        held.leases(),
        held.hits(),
        held.since(),
        held.lastUsed());
  }

  /** Tells other nodes what is here. */
  void announce() {
    pins.expire();
    register.announce(here());
  }

  /**
   * Keeps a recording for a holder.
   *
   * @param time cut to {@code fresco.recordings.longest-pin}
   * @return false if it cannot be had
   */
  public boolean pin(String id, String holder, Duration time) {
    Duration cut = time.compareTo(settings.longestPin()) > 0 ? settings.longestPin() : time;
    if (pins.prolong(id, holder, cut)) {
      return true;
    }
    Optional<RecordingLease<RecordingFile>> lease = take(id, true);
    lease.ifPresent(taken -> pins.set(id, holder, cut, taken));
    return lease.isPresent();
  }

  public void unpin(String id, String holder) {
    pins.unpin(id, holder);
  }

  /**
   * Removes a recording from every node; where it is in use, with its last use.
   *
   * @return false if nobody has it
   */
  public boolean removeEverywhere(String id, TemplateEvent.Reason reason) {
    boolean elsewhere = register.isElsewhere(id);
    boolean here = folder.remove(id, reason(reason));
    if (here || elsewhere) {
      news.evicted(id, reason);
    }
    return here || elsewhere;
  }

  /** Follows what another node said, or this one at another time. */
  public void follow(TemplateEvent.Evicted event) {
    boolean forAll =
        event.reason() == TemplateEvent.Reason.REQUESTED
            || event.reason() == TemplateEvent.Reason.TEMPLATE_DELETED;
    // One that was made again since stays.
    if (forAll
        && folder.held().stream()
            .anyMatch(
                held ->
                    held.id().equals(event.recordingId()) && held.since().isBefore(event.at()))) {
      folder.remove(event.recordingId(), reason(event.reason()));
    }
  }

  /** Nobody has this picture as a template any more. */
  public void templateDeleted(String sha256) {
    all().stream()
        .filter(copy -> copy.key().templateSha256().equals(sha256))
        .map(RecordingCopy::id)
        .distinct()
        .forEach(id -> removeEverywhere(id, TemplateEvent.Reason.TEMPLATE_DELETED));
  }

  /**
   * Holds this node's copy to its checksums, and removes it if it is damaged.
   *
   * @return whether there is a sound copy
   */
  public boolean check(String id) {
    Optional<RecordingLease<RecordingFile>> lease = folder.takeAgain(id);
    if (lease.isEmpty()) {
      return false;
    }
    try (RecordingLease<RecordingFile> held = lease.get()) {
      // One that arrives is looked at when it has.
      if (held.isWhole()) {
        verify(held);
      }
      return true;
    } catch (RuntimeException e) {
      log.error("recording {} is removed", id, e);
      folder.remove(id, Reason.DAMAGED);
      return false;
    }
  }

  /** In a file opened anew: what was found sound before would not be looked at again. */
  private static void verify(RecordingLease<RecordingFile> held) {
    try (RecordingFile opened = RecordingFile.open(held.file())) {
      opened.verify();
    }
  }

  @Override
  public void kept(String id, RecordingFile recording) {
    log.debug("recording {} is here, {} bytes", id, recording.bytes());
  }

  @Override
  public void left(String id, Reason reason) {
    memory.forget(id);
    meters.left(reason);
    log.info("recording {} left: {}", id, reason);
    if (reason == Reason.ROOM && !register.isElsewhere(id)) {
      news.evicted(id, TemplateEvent.Reason.ROOM);
    }
    if (reason == Reason.DAMAGED) {
      news.evicted(id, TemplateEvent.Reason.DAMAGED);
    }
  }

  private static Reason reason(TemplateEvent.Reason reason) {
    return switch (reason) {
      case ROOM -> Reason.ROOM;
      case DAMAGED -> Reason.DAMAGED;
      case REQUESTED -> Reason.REQUESTED;
      case TEMPLATE_DELETED -> Reason.TEMPLATE_DELETED;
    };
  }
}
