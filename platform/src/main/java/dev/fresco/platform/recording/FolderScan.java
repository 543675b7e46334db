package dev.fresco.platform.recording;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What lies in the folder of a {@link RecordingFolder} when it is opened. */
final class FolderScan {
  private static final Logger log = LoggerFactory.getLogger(FolderScan.class);

  private FolderScan() {}

  /** The recordings, none of them opened yet; rests of writing are removed. */
  static <R extends AutoCloseable> List<FolderEntry<R>> entries(Path folder) throws IOException {
    Files.createDirectories(folder);
    List<FolderEntry<R>> entries = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Optional<String> id = FolderNames.id(file);
        if (FolderNames.isPart(file)) {
          Files.delete(file);
        } else if (id.isEmpty()) {
          log.warn("{} is no recording's; it is left alone", file);
        } else {
          entries.add(entry(id.get(), file));
        }
      }
    }
    return entries;
  }

  private static <R extends AutoCloseable> FolderEntry<R> entry(String id, Path file)
      throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    FolderEntry<R> entry = new FolderEntry<>(id, file, attributes.lastModifiedTime().toInstant());
    entry.bytes = attributes.size();
    entry.lastUsed = attributes.lastAccessTime().toInstant();
    entry.version = FolderNames.version(attributes);
    return entry;
  }
}
