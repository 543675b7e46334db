package dev.fresco.worker.recording;

import dev.fresco.contracts.template.RecordingKey;
import dev.fresco.engine.EngineException;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.recording.RecordingSink;
import dev.fresco.engine.recording.RecordingWriter;
import dev.fresco.worker.source.Lease;
import dev.fresco.worker.thread.NamedThreads;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recordings as this worker comes by them: from its shelf, from the exchange that all workers
 * share, or by making them. Nothing here fails a job that can do without: whatever goes wrong, the
 * recording is not there, and it is said why.
 */
public final class Recordings implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Recordings.class);
  private static final int TRANSFERS_AT_ONCE = 2;

  private final RecordingShelf shelf;
  private final RecordingExchange exchange;
  private final MeterRegistry meters;
  private final Map<String, CompletableFuture<Fetch>> fetching = new ConcurrentHashMap<>();
  private final Map<String, CompletableFuture<Void>> making = new ConcurrentHashMap<>();
  private final NamedThreads transfers = new NamedThreads("recordings", TRANSFERS_AT_ONCE);

  public Recordings(RecordingShelf shelf, RecordingExchange exchange, MeterRegistry meters) {
    this.shelf = shelf;
    this.exchange = exchange;
    this.meters = meters;
  }

  /** What came of looking for a recording. */
  public enum Fetch {
    AT_HAND("the recording is at hand"),
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

  /** Looks for a recording and fetches it, in the background. */
  public CompletableFuture<Fetch> prefetch(String id) {
    if (shelf.ids().contains(id)) {
      return CompletableFuture.completedFuture(Fetch.AT_HAND);
    }
    CompletableFuture<Fetch> mine = new CompletableFuture<>();
    CompletableFuture<Fetch> others = fetching.putIfAbsent(id, mine);
    if (others != null) {
      return others;
    }
    transfers.execute(
        () -> {
          Fetch result = fetch(id);
          fetching.remove(id);
          meters.counter("fresco.worker.recordings.sought", "result", result.name()).increment();
          mine.complete(result);
        });
    return mine;
  }

  private Fetch fetch(String id) {
    try {
      Files.deleteIfExists(shelf.arriving(id));
      if (!exchange.fetch(id, shelf.arriving(id))) {
        return Fetch.ABSENT;
      }
      shelf.putArrived(id);
      return Fetch.AT_HAND;
    } catch (EngineException e) {
      log.warn("the recording {} that was fetched is of no use: {}", id, e.getMessage());
      report(id, e.getMessage());
      return Fetch.FAILED;
    } catch (IOException | RuntimeException e) {
      log.warn("the recording {} could not be fetched: {}", id, e.toString());
      return Fetch.FAILED;
    }
  }

  /** A recording that is at hand. */
  public Optional<Lease<Shelved>> find(String id) {
    return shelf.find(id);
  }

  /** Ids of the recordings at hand. */
  public List<String> atHand() {
    return shelf.ids();
  }

  /**
   * Begins a recording, unless it is in the making.
   *
   * @param request the run of the template that writes into a sink
   * @throws EngineException if it cannot be written
   */
  public Optional<RecordingInMaking> begin(
      RecordingKey key, Function<RecordingSink, PictureRequest> request) {
    CompletableFuture<Void> mine = new CompletableFuture<>();
    if (making.putIfAbsent(key.id(), mine) != null) {
      return Optional.empty();
    }
    Runnable end =
        () -> {
          making.remove(key.id());
          mine.complete(null);
        };
    try {
      RecordingWriter writer =
          new RecordingWriter(shelf.place(key.id()), key, shelf::requireRoom);
      return Optional.of(new RecordingInMaking(key, writer, request, end));
    } catch (EngineException e) {
      end.run();
      throw e;
    }
  }

  /** Done when a recording is not in the making any more. */
  public CompletableFuture<Void> whenNotMaking(String id) {
    return making.getOrDefault(id, CompletableFuture.completedFuture(null));
  }

  /**
   * The run of a recording has all its steps: it is put on the shelf and given to the other
   * workers, in the background.
   *
   * @return done when it is on the shelf and the exchange was asked; failed if it is not there
   */
  public CompletableFuture<Void> keep(RecordingInMaking made) {
    CompletableFuture<Void> kept = new CompletableFuture<>();
    if (made.claimEnd()) {
      transfers.execute(
          () -> {
            try {
              shelve(made);
              store(made.key());
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

  private void shelve(RecordingInMaking made) throws IOException {
    try {
      made.finish();
      shelf.put(made.key().id());
      meters.counter("fresco.worker.recordings.made", "result", "made").increment();
    } finally {
      made.ended();
    }
  }

  private void store(RecordingKey key) {
    Optional<Lease<Shelved>> found = shelf.find(key.id());
    if (found.isEmpty()) {
      return;
    }
    try (Lease<Shelved> lease = found.get()) {
      exchange.store(key, lease.value().path());
    } catch (IOException | RuntimeException e) {
      log.warn("the recording {} stays with this worker: {}", key.id(), e.toString());
    }
  }

  /** A recording proved to be damaged: nobody uses it any more, and it is made again. */
  public void damaged(String id, String reason) {
    log.warn("the recording {} is damaged: {}", id, reason);
    meters.counter("fresco.worker.recordings.damaged").increment();
    shelf.drop(id);
    transfers.execute(() -> report(id, reason));
  }

  private void report(String id, String reason) {
    try {
      exchange.reportDamaged(id, reason);
    } catch (IOException | RuntimeException e) {
      log.warn("nobody took note that the recording {} is damaged: {}", id, e.toString());
    }
  }

  @Override
  public void close() {
    transfers.close();
    shelf.close();
  }
}
