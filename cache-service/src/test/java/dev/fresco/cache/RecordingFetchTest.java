package dev.fresco.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fresco.contracts.template.RecordingKey;
import dev.fresco.engine.EngineException;
import dev.fresco.engine.recording.RecordedNumbers;
import dev.fresco.engine.recording.RecordingFile;
import dev.fresco.platform.recording.RecordingFetch;
import dev.fresco.platform.recording.RecordingFolder;
import dev.fresco.platform.recording.RecordingFolder.Reason;
import dev.fresco.platform.recording.RecordingFormat;
import dev.fresco.platform.recording.RecordingLease;
import dev.fresco.platform.recording.RecordingSource;
import dev.fresco.platform.recording.RecordingUnavailableException;
import dev.fresco.platform.recording.RecordingUpload;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker's side against a node that runs. */
class RecordingFetchTest {
  private static final RecordingFormat<RecordingFile> FORMAT =
      new RecordingFormat<>(RecordingFile::open, RecordingFile::verify);

  @TempDir static Path root;
  private static CacheNode node;

  @TempDir Path own;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private RecordingFolder<RecordingFile> folder;

  @BeforeAll
  static void start() {
    node = CacheNode.start("f", root);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @BeforeEach
  void openFolder() {
    folder = folder(10 * CacheNode.BYTES);
  }

  private RecordingFolder<RecordingFile> folder(long limit) {
    RecordingFolder<RecordingFile> opened =
        new RecordingFolder<>(
            new RecordingFolder.Settings(own, limit, "fresco.worker.recording-disk", 0),
            FORMAT,
            Clock.systemUTC());
    opened.open(
        new RecordingFolder.Listener<>() {
          @Override
          public void kept(String id, RecordingFile recording) {}

          @Override
          public void left(String id, Reason reason) {}
        });
    return opened;
  }

  private RecordingFetch<RecordingFile> fetch(URI address, Path near, long bandwidth) {
    return new RecordingFetch<>(
        folder,
        FORMAT,
        RecordingSource.at(address, new RecordingUpload(node.address(), Duration.ofSeconds(10))),
        new RecordingFetch.Settings(
            near, bandwidth, Duration.ofSeconds(10), 4, Duration.ofMillis(1)),
        meters);
  }

  private Path file(RecordingKey key) {
    return own.resolve(key.id() + ".frec");
  }

  private double fetched() {
    return meters.counter("fresco.recordings.fetched.bytes").count();
  }

  @Test
  void whatSeveralAskForIsFetchedOnceAndKept() throws Exception {
    RecordingKey key = node.stored("fetch", 70);
    try (var fetch = fetch(node.address(), null, 0)) {
      List<CompletableFuture<RecordingLease<RecordingFile>>> all =
          Stream.generate(() -> fetch.fetch(key.id())).limit(5).toList();
      for (var one : all) {
        try (var lease = one.get()) {
          assertThat(lease.recording().tensor(1, "conv_in").data().getFloat(0))
              .isEqualTo(RecordedNumbers.number(1, "conv_in", 0));
        }
      }
      await().until(() -> Files.exists(file(key)));
      assertThat(file(key)).hasSameBinaryContentAs(node.file(key));
      try (var lease = fetch.fetch(key.id()).get()) {
        assertThat(lease.file()).isEqualTo(file(key));
      }
      assertThat(fetched()).isEqualTo(CacheNode.BYTES);
    }
  }

  @Test
  void aStepIsReadBeforeTheNextHasArrived() throws Exception {
    RecordingKey key = node.stored("fetch", 71);
    // A range has 1/20 of this, about a step and a half.
    try (var fetch = fetch(node.address(), null, 400_000);
        var lease = fetch.fetch(key.id()).get()) {
      assertThat(lease.isWhole()).isFalse();
      assertThat(lease.recording().tensor(0, "conv_in").data().getFloat(0))
          .isEqualTo(RecordedNumbers.number(0, "conv_in", 0));
      assertThat(file(key)).doesNotExist();
      assertThat(lease.recording().tensor(1, "conv_in").data().getFloat(0))
          .isEqualTo(RecordedNumbers.number(1, "conv_in", 0));
      await().until(() -> Files.exists(file(key)));
      assertThat(lease.file()).isEqualTo(file(key));
    }
  }

  @Test
  void aFileOnTheSameDiskGetsASecondName() throws Exception {
    RecordingKey key = node.stored("fetch", 72);
    try (var fetch = fetch(node.address(), root.resolve("f"), 0);
        var lease = fetch.fetch(key.id()).get()) {
      assertThat(Files.getAttribute(file(key), "unix:ino"))
          .isEqualTo(Files.getAttribute(node.file(key), "unix:ino"));
      node.service().delete("/v1/recordings/" + key.id()).hasStatus(204);
      lease.recording().verify();
      assertThat(fetched()).isZero();
    }
  }

  @Test
  void aLineThatBreaksIsTakenUpAgain() throws Exception {
    RecordingKey key = node.stored("fetch", 73);
    try (BrokenLine line = BrokenLine.to(node.address(), 2);
        var fetch = fetch(line.address(), null, 400_000);
        var lease = fetch.fetch(key.id()).get()) {
      lease.recording().verify();
      await().until(() -> Files.exists(file(key)));
      assertThat(file(key)).hasSameBinaryContentAs(node.file(key));
      assertThat(line.broken()).isGreaterThan(3);
      assertThat(fetched()).isEqualTo(CacheNode.BYTES);
    }
  }

  @Test
  void whatDoesNotArriveFailsWhoWaitsForIt() throws Exception {
    RecordingKey key = node.stored("fetch", 74);
    // The header's room takes 14 ranges, the rest is lost for good.
    try (BrokenLine line = BrokenLine.after(node.address(), 14);
        var fetch = fetch(line.address(), null, 400_000);
        var lease = fetch.fetch(key.id()).get()) {
      assertThatThrownBy(() -> lease.recording().tensor(1, "conv_in"))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("does not arrive")
          .hasMessageContaining("4 attempts");
      assertThat(folder.held()).isEmpty();
    }
    await().untilAsserted(() -> assertThat(own).isEmptyDirectory());
  }

  @Test
  void aDamagedRecordingIsReportedAndGoesEverywhere() throws Exception {
    RecordingKey key = node.stored("fetch", 75);
    CacheNode.damage(node.file(key));
    try (var fetch = fetch(node.address(), null, 0)) {
      fetch.fetch(key.id()).thenAccept(RecordingLease::close).exceptionally(failed -> null).join();
      await().untilAsserted(() -> assertThat(own).isEmptyDirectory());
      await().until(() -> !Files.exists(node.file(key)));
      assertThat(node.count("fresco.recordings.damaged")).isEqualTo(1);
    }
  }

  @Test
  void whatCannotBeHadIsSaid() throws Exception {
    RecordingKey key = node.stored("fetch", 76);
    RecordingKey nobodys = RecordedNumbers.key(77, 2);
    try (var fetch = fetch(node.address(), null, 0)) {
      fails(fetch.fetch(nobodys.id()), "answers 404");
      fails(fetch.fetch("rec_x"), "must match");
    }
    try (var fetch = fetch(URI.create("http://127.0.0.1:1"), null, 0)) {
      fails(fetch.fetch(key.id()), "4 attempts");
    }
    folder = folder(CacheNode.BYTES - 1);
    try (var fetch = fetch(node.address(), null, 0)) {
      fails(fetch.fetch(key.id()), "fresco.worker.recording-disk");
    }
    assertThat(own).isEmptyDirectory();
  }

  private static void fails(CompletableFuture<?> fetching, String said) {
    assertThatThrownBy(fetching::join)
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOf(RecordingUnavailableException.class)
        .hasMessageContaining(said);
  }
}
