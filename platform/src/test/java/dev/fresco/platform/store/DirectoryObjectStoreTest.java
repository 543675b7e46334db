package dev.fresco.platform.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectoryObjectStoreTest {
  private static final String KEY = "adapters/lora_1";

  @TempDir Path root;
  private DirectoryObjectStore store;

  @BeforeEach
  void open() throws IOException {
    store = new DirectoryObjectStore(root);
  }

  @Test
  void whatIsPutCanBeReadWholeAndInPieces() throws IOException {
    byte[] bytes = new byte[100_000];
    bytes[99_999] = 7;
    store.put(KEY, new ByteArrayInputStream(bytes));
    assertThat(store.get(KEY)).hasValue(bytes);
    var found = store.find(KEY).orElseThrow();
    assertThat(found.contentLength()).isEqualTo(bytes.length);
    assertThat(found.getContentAsByteArray()).isEqualTo(bytes);
  }

  @Test
  void whatIsAbsentIsEmptyAndMayBeDeleted() throws IOException {
    assertThat(store.get(KEY)).isEmpty();
    assertThat(store.find(KEY)).isEmpty();
    assertThat(store.find("adapters")).isEmpty();
    store.delete(KEY);
    store.put(KEY, new byte[] {1});
    assertThat(store.find("adapters")).isEmpty();
    store.delete(KEY);
    assertThat(store.find(KEY)).isEmpty();
  }

  @Test
  void aStreamThatBreaksLeavesWhatWasThere() throws IOException {
    store.put(KEY, new byte[] {1, 2});
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("the line is cut");
          }
        };
    InputStream half = new SequenceInputStream(new ByteArrayInputStream(new byte[10]), broken);
    assertThatThrownBy(() -> store.put(KEY, half)).hasMessage("the line is cut");
    assertThat(store.get(KEY)).hasValue(new byte[] {1, 2});
    try (Stream<Path> files = Files.list(root.resolve("adapters"))) {
      assertThat(files).containsExactly(root.resolve(KEY));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "../a", "a/../b", "/a", "a//b", ".a", "a\u0000"})
  void keysThatCouldLeaveTheFolderAreRefused(String key) {
    assertThatThrownBy(() -> store.put(key, new byte[1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("object key is '" + key);
  }

  @Test
  void whatIsOldGoesAndWhatIsYoungStays() throws IOException {
    Instant limit = Instant.parse("2026-01-01T00:00:00Z");
    store.put("results/old/0.png", new byte[1]);
    store.put("results/mixed/0.png", new byte[1]);
    store.put("results/mixed/1.png", new byte[1]);
    store.put("templates/old", new byte[1]);
    Path draft = Files.createFile(root.resolve("results/old/.draft1"));
    for (Path path :
        List.of(
            draft,
            root.resolve("results/old/0.png"),
            root.resolve("results/old"),
            root.resolve("results/mixed/0.png"),
            root.resolve("results/mixed"),
            root.resolve("templates/old"))) {
      Files.setLastModifiedTime(path, FileTime.from(limit.minusSeconds(1)));
    }
    assertThat(store.deleteOlderThan("results", limit)).isEqualTo(3);
    assertThat(root.resolve("results/old")).doesNotExist();
    assertThat(store.get("results/mixed/0.png")).isEmpty();
    assertThat(store.get("results/mixed/1.png")).isPresent();
    assertThat(store.get("templates/old")).isPresent();
    assertThat(store.deleteOlderThan("nothing", limit)).isZero();
  }
}
