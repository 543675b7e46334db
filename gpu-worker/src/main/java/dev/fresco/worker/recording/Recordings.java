package dev.fresco.worker.recording;

import dev.fresco.contracts.template.RecordingKey;
import dev.fresco.engine.EngineException;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.recording.RecordingFile;
import dev.fresco.engine.recording.RecordingSink;
import dev.fresco.platform.recording.RecordingDraft;
import dev.fresco.platform.recording.RecordingFetch;
import dev.fresco.platform.recording.RecordingFolder;
import dev.fresco.platform.recording.RecordingLease;
import dev.fresco.worker.thread.NamedThreads;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recordings as this worker comes by them: from its own folder, from cache-service, or by making
 * them. Nothing here fails a job that can do without: whatever goes wrong, the recording is not
 * there, and it is said why.
 */
public final class Recordings implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Recordings.class);
  private static final int TRANSFERS_AT_ONCE = 4;
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final RecordingFolder<RecordingFile> folder;
  private final RecordingFetch<RecordingFile> fetch;
  private final CacheService service;
  private final boolean int8;
  private final MeterRegistry meters;
  private final Set<String> atHand = ConcurrentHashMap.newKeySet();
  private final Map<String, CompletableFuture<Fetch>> fetching = new ConcurrentHashMap<>();
  private final Map<String, CompletableFuture<Void>> making = new ConcurrentHashMap<>();
  private final NamedThreads transfers = new NamedThreads("recordings", TRANSFERS_AT_ONCE);

  /**
   * @param folder this worker's own, closed until now
   * @param int8 whether recordings that are made take half the bytes
   */
  public Recordings(
      RecordingFolder<RecordingFile> folder,
      RecordingFetch<RecordingFile> fetch,
      CacheService service,
      boolean int8,
      MeterRegistry meters) {
    this.folder = folder;
    this.fetch = fetch;
    this.service = service;
    this.int8 = int8;
    this.meters = meters;
    folder.open(
        new RecordingFolder.Listener<>() {
          @Override
          public void kept(String id, RecordingFile recording) {
            atHand.add(id);
          }

          @Override
          public void left(String id, RecordingFolder.Reason reason) {
            atHand.remove(id);
          }
        });
  }

  /** What came of looking for a recording. */
  public enum Fetch {
    AT_HAND("the recording is at hand"),
    ARRIVING("the recording is arriving"),
    ABSENT("there is no recording of its template with its settings yet"),
    FAILED("the recording could not be fetched"),
    LATE("the recording is still being fetched");

    private final String words;

    Fetch(String words) {
      this.words = words;
    }

    public String words() {
      return words;
    }
  }

  /**
   * Looks for a recording and fetches it, in the background.
   *
   * @return what came of it, as soon as the first step is here if there is a recording
   */
  public CompletableFuture<Fetch> prefetch(String id) {
    if (atHand.contains(id)) {
      return CompletableFuture.completedFuture(Fetch.AT_HAND);
    }
    CompletableFuture<Fetch> mine = new CompletableFuture<>();
    CompletableFuture<Fetch> others = fetching.putIfAbsent(id, mine);
    if (others != null) {
      return others;
    }
    transfers.execute(
        () -> {
          Fetch result = fetched(id, mine);
          fetching.remove(id);
          meters.counter("fresco.worker.recordings.sought", "result", result.name()).increment();
          mine.complete(result);
        });
    return mine;
  }

  private Fetch fetched(String id, CompletableFuture<Fetch> begun) {
    try {
      if (!service.has(id)) {
        return Fetch.ABSENT;
      }
      try (RecordingLease<RecordingFile> lease = fetch.fetch(id).join()) {
        lease.awaitBytes(lease.recording().bytesUntil(0));
        begun.complete(lease.isWhole() ? Fetch.AT_HAND : Fetch.ARRIVING);
        lease.awaitBytes(lease.bytes());
        return Fetch.AT_HAND;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Fetch.FAILED;
    } catch (IOException | RuntimeException e) {
      log.warn("the recording {} could not be fetched: {}", id, e.toString());
      return Fetch.FAILED;
    }
  }

  /** A recording that is at hand or arriving; it stays so until the lease is closed. */
  public Optional<RecordingLease<RecordingFile>> find(String id) {
    return folder.take(id);
  }

  /** Ids of the recordings at hand. */
  public List<String> atHand() {
    return atHand.stream().sorted().toList();
  }

  /**
   * Begins a recording, unless it is there or on its way.
   *
   * @param template id of the template that it is of, or null
   * @param request the run of the template that writes into a sink
   * @throws EngineException if it cannot be written
   */
  public Optional<RecordingInMaking> begin(
      RecordingKey key, String template, Function<RecordingSink, PictureRequest> request) {
    Optional<RecordingDraft<RecordingFile>> draft = folder.draft(key.id());
    if (draft.isEmpty()) {
      return Optional.empty();
    }
    CompletableFuture<Void> mine = new CompletableFuture<>();
    making.put(key.id(), mine);
    Runnable end =
        () -> {
          making.remove(key.id());
          mine.complete(null);
        };
    try {
      return Optional.of(new RecordingInMaking(key, template, draft.get(), int8, request, end));
    } catch (RuntimeException e) {
      draft.get().close();
      end.run();
      throw e;
    }
  }

  /** Done when a recording that was not there, or on its way, may be begun. */
  public CompletableFuture<Void> whenNotMaking(String id) {
    CompletableFuture<Void> made = making.get(id);
    return made != null
        ? made
        : CompletableFuture.runAsync(
            () -> {}, CompletableFuture.delayedExecutor(PAUSE.toMillis(), TimeUnit.MILLISECONDS));
  }

  /**
   * The run of a recording has all its steps: it is put into the folder and given to the other
   * workers, in the background.
   *
   * @return done when it is at hand and the others were offered it; failed if it is not at hand
   */
  public CompletableFuture<Void> keep(RecordingInMaking made) {
    CompletableFuture<Void> kept = new CompletableFuture<>();
    if (made.claimEnd()) {
      transfers.execute(
          () -> {
            try {
              made.finish();
              meters.counter("fresco.worker.recordings.made", "result", "made").increment();
              offer(made);
              kept.complete(null);
            } catch (IOException | RuntimeException e) {
              meters.counter("fresco.worker.recordings.made", "result", "failed").increment();
              log.warn("the recording {} could not be made: {}", made.key().id(), e.toString());
              kept.completeExceptionally(e);
            }
          });
    }
    return kept;
  }

  private void offer(RecordingInMaking made) {
    String id = made.key().id();
    try (RecordingLease<RecordingFile> lease = folder.takeAgain(id).orElse(null)) {
      if (lease != null) {
        service.store(id, lease.file(), made.template());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      log.warn("the recording {} stays with this worker: {}", id, e.toString());
    }
  }

  /** A recording proved to be damaged: nobody uses it any more, and it is made again. */
  public void damaged(String id, String reason) {
    log.warn("the recording {} is damaged: {}", id, reason);
    meters.counter("fresco.worker.recordings.damaged").increment();
    folder.remove(id, RecordingFolder.Reason.DAMAGED);
    atHand.remove(id);
    transfers.execute(() -> report(id));
  }

  private void report(String id) {
    try {
      service.reportDamage(id);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      log.warn("nobody took note that the recording {} is damaged: {}", id, e.toString());
    }
  }

  @Override
  public void close() {
    fetch.close();
    transfers.close();
    folder.close();
  }
}
