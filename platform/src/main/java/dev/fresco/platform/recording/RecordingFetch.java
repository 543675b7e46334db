package dev.fresco.platform.recording;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings recordings from other places into a {@link RecordingFolder}.
 *
 * <p>Goal: a recording can be used as soon as its first bytes are here; who uses it waits for just
 * the step that he needs.
 *
 * <p>Algorithm: where the other place's folder lies on the same disk, the file gets a second name
 * in ours, and no byte is copied. Else it is read front to back in ranges, into a file that has its
 * full size from the start. A range that fails is asked for again, from where the last one ended.
 * The whole is held to its checksums before it stays.
 *
 * <p>What several ask for at once is fetched once.
 *
 * @param <R> an open recording
 */
public final class RecordingFetch<R extends AutoCloseable> implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RecordingFetch.class);
  private static final int LARGEST_RANGE = 8 << 20;

  private final RecordingFolder<R> folder;
  private final RecordingFormat<R> format;
  private final RecordingSource source;
  private final Settings settings;
  private final Throttle throttle;
  private final MeterRegistry meters;
  private final HttpClient http;
  private final ExecutorService threads;
  private final Map<String, CompletableFuture<Void>> underWay = new HashMap<>();

  /**
   * @param nearFolder the other place's folder, if this process may see it; else null
   * @param bandwidth bytes a second, emulated; 0 for what the network gives
   * @param rangeLimit within which a range of up to 8 MiB must be here
   * @param attempts how often a range is asked for
   * @param pause before it is asked for again, doubled each time
   */
  public record Settings(
      Path nearFolder, long bandwidth, Duration rangeLimit, int attempts, Duration pause) {
    public Settings {
      if (attempts < 1) {
        throw new IllegalArgumentException("attempts is " + attempts + "; it must be at least 1");
      }
    }

    /** Of one network. */
    public static Settings withoutLimit() {
      return new Settings(null, 0, Duration.ofSeconds(30), 4, Duration.ofMillis(200));
    }
  }

  public RecordingFetch(
      RecordingFolder<R> folder,
      RecordingFormat<R> format,
      RecordingSource source,
      Settings settings,
      MeterRegistry meters) {
    this.folder = folder;
    this.format = format;
    this.source = source;
    this.settings = settings;
    this.throttle = new Throttle(settings.bandwidth());
    this.meters = meters;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(settings.rangeLimit())
            .build();
    AtomicInteger number = new AtomicInteger();
    this.threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "recording-fetch-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * A recording, from the folder or from elsewhere; there as soon as its header is. Reading it
   * waits for what has not arrived, and fails if it will not. Does not block.
   *
   * @return a lease, to be closed; or {@link RecordingUnavailableException}
   */
  public CompletableFuture<RecordingLease<R>> fetch(String id) {
    Optional<RecordingLease<R>> here = folder.take(id);
    if (here.isPresent()) {
      return CompletableFuture.completedFuture(here.get());
    }
    CompletableFuture<Void> readable;
    synchronized (underWay) {
      readable =
          underWay.computeIfAbsent(
              id,
              missing -> {
                CompletableFuture<Void> begun = new CompletableFuture<>();
                threads.execute(() -> run(id, begun));
                return begun;
              });
    }
    return readable.thenApply(
        ignored ->
            folder
                .take(id)
                .orElseThrow(
                    () ->
                        new RecordingUnavailableException(
                            "recording " + id + " is being made, or was removed")));
  }

  private void run(String id, CompletableFuture<Void> readable) {
    long start = System.nanoTime();
    String result = "failed";
    try (RecordingDraft<R> draft = folder.draft(id).orElse(null)) {
      if (draft != null) {
        result = isNear(id, draft) ? "linked" : transferred(id, draft, readable);
      } else {
        result = "present";
      }
      readable.complete(null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      readable.completeExceptionally(
          new RecordingUnavailableException("recording " + id + ": interrupted", e));
    } catch (RecordingUnavailableException e) {
      log.info("recording {} cannot be had: {}", id, e.getMessage());
      readable.completeExceptionally(e);
    } catch (IOException | RuntimeException e) {
      log.warn("recording {} cannot be had", id, e);
      readable.completeExceptionally(
          new RecordingUnavailableException("recording " + id + ": " + e.getMessage(), e));
    } finally {
      synchronized (underWay) {
        underWay.remove(id);
      }
      meters
          .timer("fresco.recordings.fetch", "result", result)
          .record(Duration.ofNanos(System.nanoTime() - start));
    }
  }

  /** Gives a file on the same disk a second name; false if there is none, or it is elsewhere. */
  private boolean isNear(String id, RecordingDraft<R> draft) {
    if (settings.nearFolder() == null || settings.bandwidth() > 0) {
      return false;
    }
    Path near = settings.nearFolder().resolve(draft.file().getFileName());
    try {
      if (!Files.isRegularFile(near)) {
        return false;
      }
      draft.room(Files.size(near));
      Files.deleteIfExists(draft.file());
      Files.createLink(draft.file(), near);
      draft.keep();
      return true;
    } catch (IOException | UnsupportedOperationException e) {
      log.info("{} is not on the disk of {}: it is fetched ({})", near, draft.file(), e.toString());
      return false;
    }
  }

  private String transferred(String id, RecordingDraft<R> draft, CompletableFuture<Void> readable)
      throws IOException, InterruptedException {
    URI place =
        source
            .place(id)
            .orElseThrow(() -> new RecordingUnavailableException("nobody has recording " + id));
    RecordingRanges ranges = new RecordingRanges(http, place, settings.rangeLimit());
    Arrival arrival = new Arrival();
    try (FileChannel channel =
        FileChannel.open(
            draft.part(),
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      byte[] first = next(ranges, 0);
      draft.room(ranges.whole());
      // The full size, so that readers can map what has not arrived.
      channel.write(ByteBuffer.allocate(1), ranges.whole() - 1);
      CompletableFuture<R> opened =
          CompletableFuture.supplyAsync(
              () -> show(draft, arrival, ranges.version(), readable), threads);
      copy(ranges, first, channel, arrival);
      verify(id, opened);
      channel.force(true);
      Files.move(draft.part(), draft.file(), StandardCopyOption.ATOMIC_MOVE);
      draft.keep();
      return "transferred";
    } catch (IOException | RuntimeException e) {
      // Nobody is to begin with it any more when those who wait hear of it.
      draft.close();
      arrival.fail("recording %s from %s: %s".formatted(id, place, e.getMessage()));
      throw e;
    }
  }

  private void verify(String id, CompletableFuture<R> opened) {
    try {
      format.verify(opened.join());
    } catch (RuntimeException e) {
      source.damaged(id);
      throw e;
    }
  }

  private R show(
      RecordingDraft<R> draft, Arrival arrival, String version, CompletableFuture<Void> readable) {
    R recording = format.opening().open(draft.part(), arrival::await);
    try {
      draft.show(recording, arrival, version);
    } catch (RuntimeException e) {
      closeQuietly(recording, e);
      throw e;
    }
    readable.complete(null);
    return recording;
  }

  private static void closeQuietly(AutoCloseable recording, RuntimeException because) {
    try {
      recording.close();
    } catch (Exception e) {
      because.addSuppressed(e);
    }
  }

  private void copy(RecordingRanges ranges, byte[] first, FileChannel channel, Arrival arrival)
      throws IOException, InterruptedException {
    byte[] bytes = first;
    long at = 0;
    while (true) {
      ByteBuffer left = ByteBuffer.wrap(bytes);
      while (left.hasRemaining()) {
        at += channel.write(left, at);
      }
      arrival.advanceTo(at);
      if (at >= ranges.whole()) {
        return;
      }
      bytes = next(ranges, at);
    }
  }

  /** The next range; asked for again when it fails. */
  private byte[] next(RecordingRanges ranges, long from) throws IOException, InterruptedException {
    long pause = settings.pause().toMillis();
    for (int attempt = 1; ; attempt++) {
      try {
        byte[] bytes = ranges.read(from, throttle.piece(LARGEST_RANGE));
        throttle.pass(bytes.length);
        meters.counter("fresco.recordings.fetched.bytes").increment(bytes.length);
        return bytes;
      } catch (IOException e) {
        if (attempt >= settings.attempts()) {
          throw new RecordingUnavailableException(
              "byte %d cannot be had after %d attempts: %s".formatted(from, attempt, e), e);
        }
        log.info("asking again for byte {}: {}", from, e.toString());
        Thread.sleep(pause);
        pause *= 2;
      }
    }
  }

  /** Ends what is under way; it fails. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
