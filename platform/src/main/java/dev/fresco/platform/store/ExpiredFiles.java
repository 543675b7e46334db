package dev.fresco.platform.store;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Deletes files that were last written before an instant, and folders that are as old and empty.
 * Others may delete at the same time, and write: a folder that is in use is young.
 */
final class ExpiredFiles extends SimpleFileVisitor<Path> {
  private final Path root;
  private final Instant limit;

  /** Ages of the open folders: deleting what is in them makes them young. */
  private final Deque<Boolean> old = new ArrayDeque<>();

  private int deleted;

  ExpiredFiles(Path root, Instant limit) {
    this.root = root;
    this.limit = limit;
  }

  int deleted() {
    return deleted;
  }

  private boolean isOld(BasicFileAttributes attributes) {
    return attributes.lastModifiedTime().toInstant().isBefore(limit);
  }

  @Override
  public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
    old.push(isOld(attributes) && !folder.equals(root));
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
    if (isOld(attributes) && Files.deleteIfExists(file)) {
      deleted++;
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
    if (failure instanceof NoSuchFileException) {
      return FileVisitResult.CONTINUE;
    }
    throw failure;
  }

  @Override
  public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
    if (old.pop()) {
      try {
        Files.deleteIfExists(folder);
      } catch (DirectoryNotEmptyException inUse) {
        return FileVisitResult.CONTINUE;
      }
    }
    return FileVisitResult.CONTINUE;
  }
}
