package dev.fresco.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * A folder that is deleted with all that is in it, when it is closed or the process ends.
 *
 * @param path of the folder
 */
public record TemporaryFolder(Path path) implements AutoCloseable {
  /**
   * An empty one.
   *
   * @param prefix of its name
   */
  public static TemporaryFolder create(String prefix) throws IOException {
    TemporaryFolder folder = new TemporaryFolder(Files.createTempDirectory(prefix));
    Runtime.getRuntime().addShutdownHook(new Thread(folder::deleteAtEnd, "delete-folder"));
    return folder;
  }

  /** Files that are still mapped stay readable until the process ends. */
  @Override
  public void close() throws IOException {
    if (Files.exists(path)) {
      try (Stream<Path> all = Files.walk(path)) {
        for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
    }
  }

  /** For a process that is told to end: gigabytes must not stay behind. */
  private void deleteAtEnd() {
    try {
      close();
    } catch (IOException e) {
      System.err.println("fresco: " + path + " stays behind: " + e);
    }
  }
}
