package dev.fresco.platform.recording;

import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.regex.Pattern;

/** Names of files in a {@link RecordingFolder}. */
final class FolderNames {
  static final Pattern ID = Pattern.compile("rec_[0-9a-f]{32}");

  private static final String SUFFIX = ".frec";

  /** Ends the name of a file that is being written; the engine's writer has the same. */
  private static final String PART = ".part";

  private FolderNames() {}

  static Path file(Path folder, String id) {
    return folder.resolve(id + SUFFIX);
  }

  static Path part(Path file) {
    return file.resolveSibling(file.getFileName() + PART);
  }

  static boolean isPart(Path file) {
    return file.getFileName().toString().endsWith(SUFFIX + PART);
  }

  /** The id of a recording that is whole; empty if the file is none by its name. */
  static Optional<String> id(Path file) {
    String name = file.getFileName().toString();
    String id = name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : "";
    return Optional.of(id).filter(found -> ID.matcher(found).matches());
  }

  /** An entity tag of a file that was written here. */
  static String version(BasicFileAttributes attributes) {
    return "\"%x-%x\"".formatted(attributes.lastModifiedTime().toMillis(), attributes.size());
  }
}
