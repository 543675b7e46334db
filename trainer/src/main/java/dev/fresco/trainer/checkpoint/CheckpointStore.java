package dev.fresco.trainer.checkpoint;

import dev.fresco.contracts.Require;
import dev.fresco.engine.EngineException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A run's checkpoints, a folder each.
 *
 * <p>Goal: whatever dies at whatever moment, the newest checkpoint that was complete can be read.
 *
 * <p>Algorithm: the stages write their files into the new folder, each under its name when it is
 * complete. Then the manifest, with the sizes of all, gets its name. A folder without a manifest,
 * or with files of other sizes, is no checkpoint. Only then are old ones deleted, manifest first.
 */
public final class CheckpointStore {
  private static final Logger log = LoggerFactory.getLogger(CheckpointStore.class);

  private final Path root;
  private final int kept;

  /**
   * @param root of this run alone; made if it is not there
   * @param kept checkpoints, at least 1
   */
  public CheckpointStore(Path root, int kept) {
    this.root = root;
    this.kept = Require.atLeast("kept", kept, 1);
  }

  /**
   * Where the stages write a new checkpoint's files; what an earlier attempt left there they
   * replace.
   *
   * @throws EngineException if it cannot be made
   */
  public Path begin(long iteration) {
    Path folder = CheckpointFiles.folder(root, iteration);
    try {
      Files.createDirectories(folder);
      Files.deleteIfExists(folder.resolve(CheckpointFiles.MANIFEST));
      return folder;
    } catch (IOException e) {
      throw new EngineException(folder + ": cannot be made: " + e, e);
    }
  }

  /**
   * Makes a checkpoint of what the stages wrote, and deletes the oldest.
   *
   * @param pieces of the model; each must have its file
   * @throws EngineException naming the file, if one is missing or cannot be written
   */
  public Checkpoint complete(long iteration, int pieces) {
    Path folder = CheckpointFiles.folder(root, iteration);
    try {
      Map<String, Long> bytes = new TreeMap<>();
      for (int piece = 0; piece < pieces; piece++) {
        Path file = CheckpointFiles.piece(folder, piece);
        bytes.put(file.getFileName().toString(), Files.size(file));
      }
      write(folder, new Manifest(iteration, new TreeMap<>(bytes)));
      prune();
      return new Checkpoint(iteration, folder);
    } catch (IOException e) {
      throw new EngineException(folder + ": checkpoint cannot be completed: " + e, e);
    }
  }

  private static void write(Path folder, Manifest manifest) throws IOException {
    Path draft = folder.resolve("." + CheckpointFiles.MANIFEST + ".draft");
    try (FileChannel file =
        FileChannel.open(
            draft,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer text = ByteBuffer.wrap(JsonMapper.shared().writeValueAsBytes(manifest));
      while (text.hasRemaining()) {
        file.write(text);
      }
      file.force(true);
    }
    Files.move(draft, folder.resolve(CheckpointFiles.MANIFEST), StandardCopyOption.ATOMIC_MOVE);
    for (Path entries : List.of(folder, folder.toAbsolutePath().getParent())) {
      try (FileChannel names = FileChannel.open(entries)) {
        names.force(true); // or a power failure may take back the new names
      }
    }
  }

  /**
   * The newest that is complete.
   *
   * @throws EngineException if the folder cannot be read
   */
  public Optional<Checkpoint> latest() {
    try {
      return newestFirst().stream().flatMap(folder -> read(folder).stream()).findFirst();
    } catch (IOException e) {
      throw new EngineException(root + ": cannot be read: " + e, e);
    }
  }

  private List<Path> newestFirst() throws IOException {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(root)) {
      return entries
          .filter(CheckpointFiles::isCheckpoint)
          .sorted(Comparator.comparing(Path::getFileName).reversed())
          .toList();
    }
  }

  private static Optional<Checkpoint> read(Path folder) {
    try {
      byte[] text = Files.readAllBytes(folder.resolve(CheckpointFiles.MANIFEST));
      Manifest manifest = JsonMapper.shared().readValue(text, Manifest.class);
      for (Map.Entry<String, Long> file : manifest.bytes().entrySet()) {
        long bytes = Files.size(folder.resolve(file.getKey()));
        if (bytes != file.getValue()) {
          log.warn("{}: {} has {} bytes, not {}", folder, file.getKey(), bytes, file.getValue());
          return Optional.empty();
        }
      }
      return Optional.of(new Checkpoint(manifest.iteration(), folder));
    } catch (NoSuchFileException e) {
      return Optional.empty(); // it was not completed
    } catch (IOException | JacksonException e) {
      log.warn("{} is no checkpoint: {}", folder, e.toString());
      return Optional.empty();
    }
  }

  /** Deletes all but the newest complete ones and what is newer than those. */
  private void prune() throws IOException {
    int complete = 0;
    for (Path folder : newestFirst()) {
      if (complete >= kept) {
        delete(folder);
      } else if (read(folder).isPresent()) {
        complete++;
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    Files.deleteIfExists(folder.resolve(CheckpointFiles.MANIFEST));
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
    }
    Files.deleteIfExists(folder);
  }
}
