package dev.fresco.worker.recording;

import dev.fresco.engine.EngineException;
import dev.fresco.worker.source.Lease;
import dev.fresco.worker.source.LeasedCache;
import dev.fresco.worker.source.SourceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recordings that this worker has at hand: files in a folder of its own, mapped while they are
 * used. Together they stay within a bound of bytes; the least recently used goes first, and none
 * that is in use. Whole ones outlive the process; what was being written or fetched does not.
 */
public final class RecordingShelf implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RecordingShelf.class);
  private static final String SUFFIX = ".frec";
  private static final String ARRIVING = ".arriving";

  private final Path folder;
  private final LeasedCache<String, Shelved> files;
  private volatile boolean closing;

  /**
   * @param folder this worker's own
   */
  public RecordingShelf(Path folder, LeasedCache<String, Shelved> files) {
    this.folder = folder;
    this.files = files;
    try {
      Files.createDirectories(folder);
      for (Path file : list(folder)) {
        takeIn(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the folder of recordings cannot be read: " + folder, e);
    }
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.toList();
    }
  }

  private void takeIn(Path file) throws IOException {
    String name = file.getFileName().toString();
    if (name.endsWith(SUFFIX)) {
      try {
        put(name.substring(0, name.length() - SUFFIX.length()));
      } catch (EngineException | SourceException e) {
        log.warn("{} is not kept: {}", file, e.getMessage());
      }
    } else {
      Files.deleteIfExists(file);
    }
  }

  /** Where the file of a recording lies, or will. */
  Path place(String id) {
    return folder.resolve(id + SUFFIX);
  }

  /** Where a recording lies while it is fetched. */
  Path arriving(String id) {
    return folder.resolve(id + SUFFIX + ARRIVING);
  }

  /** A recording that was fetched as a whole takes its place. */
  void putArrived(String id) throws IOException {
    Files.move(arriving(id), place(id), StandardCopyOption.ATOMIC_MOVE);
    put(id);
  }

  /**
   * The file in a recording's place is there as a whole.
   *
   * @throws EngineException if it is damaged; then it is gone
   * @throws SourceException if there is no room for it; likewise
   */
  void put(String id) throws IOException {
    Path path = place(id);
    try {
      files.take(id, Files.size(path), () -> Shelved.open(id, path, () -> closing)).close();
    } catch (EngineException | SourceException e) {
      Files.deleteIfExists(path);
      throw e;
    }
  }

  /**
   * Holds a recording that is to be made against the shelf and the disk.
   *
   * @throws EngineException if there is no room for it
   */
  void requireRoom(long bytes) {
    try {
      files.requireFits("it takes", bytes);
      long free = Files.getFileStore(folder).getUsableSpace();
      if (bytes > free) {
        throw new EngineException(
            "it takes %d bytes; the disk of %s has %d left".formatted(bytes, folder, free));
      }
    } catch (SourceException | IOException e) {
      throw new EngineException(e.getMessage(), e);
    }
  }

  /** A recording that is at hand; it stays so until the lease is closed. */
  Optional<Lease<Shelved>> find(String id) {
    return files.find(id);
  }

  /** Removes a recording; those who read it go on. */
  public void drop(String id) {
    Optional<Lease<Shelved>> found = files.find(id);
    files.drop(id);
    try (Lease<Shelved> dropped = found.orElse(null)) {
      if (dropped != null) {
        dropped.value().remove();
      }
    } catch (IOException e) {
      log.warn("the file of {} cannot be removed", id, e);
    }
  }

  /** Ids of the recordings at hand. */
  public List<String> ids() {
    return files.keys().stream().sorted().toList();
  }

  @Override
  public void close() {
    closing = true;
    files.close();
  }
}
