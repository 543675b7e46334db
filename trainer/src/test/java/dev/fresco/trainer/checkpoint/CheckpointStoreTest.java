package dev.fresco.trainer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.engine.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointStoreTest {
  private static final int PIECES = 2;

  @TempDir Path root;

  private static void writePieces(Path folder) throws IOException {
    for (int piece = 0; piece < PIECES; piece++) {
      Files.writeString(CheckpointFiles.piece(folder, piece), "weights of piece " + piece);
    }
  }

  private static Checkpoint save(CheckpointStore store, long iteration) throws IOException {
    writePieces(store.begin(iteration));
    return store.complete(iteration, PIECES);
  }

  @Test
  void theNewestIsKeptWithThoseBeforeIt() throws IOException {
    CheckpointStore store = new CheckpointStore(root.resolve("run"), 2);
    assertThat(store.latest()).isEmpty();

    for (long iteration : new long[] {9, 10, 120, 121}) {
      Checkpoint saved = save(store, iteration);
      assertThat(store.latest()).contains(saved);
      assertThat(saved.iteration()).isEqualTo(iteration);
    }

    try (Stream<Path> folders = Files.list(root.resolve("run"))) {
      assertThat(folders.map(folder -> folder.getFileName().toString()))
          .containsExactlyInAnyOrder("iteration-000000120", "iteration-000000121");
    }
  }

  @Test
  void whatWasNotCompletedIsNoCheckpoint() throws IOException {
    CheckpointStore store = new CheckpointStore(root, 2);
    Checkpoint good = save(store, 10);

    writePieces(store.begin(20)); // and dies before the manifest
    Files.createDirectories(root.resolve("iteration-000000015"));
    Files.writeString(root.resolve("something else"), "");
    assertThat(store.latest()).contains(good);

    Checkpoint next = save(store, 20);
    assertThat(store.latest()).contains(next);
  }

  @Test
  void oneThatIsWrittenAgainIsNoneUntilItIsComplete() throws IOException {
    CheckpointStore store = new CheckpointStore(root, 2);
    Checkpoint good = save(store, 10);
    save(store, 20);

    store.begin(20);
    assertThat(store.latest()).contains(good);
  }

  @Test
  void damagedOnesArePassedOver() throws IOException {
    CheckpointStore store = new CheckpointStore(root, 5);
    Checkpoint good = save(store, 10);
    Files.writeString(CheckpointFiles.piece(save(store, 20).folder(), 1), "short");
    Files.delete(CheckpointFiles.piece(save(store, 30).folder(), 0));
    Files.writeString(save(store, 40).folder().resolve(CheckpointFiles.MANIFEST), "{\"iter");

    assertThat(store.latest()).contains(good);
  }

  @Test
  void oldOnesAreDeletedOnlyForThoseThatAreComplete() throws IOException {
    CheckpointStore store = new CheckpointStore(root, 1);
    Checkpoint good = save(store, 10);
    writePieces(store.begin(20));
    assertThatThrownBy(() -> store.complete(20, PIECES + 1))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("piece-002.safetensors");

    assertThat(store.latest()).contains(good);
  }
}
