package dev.fresco.platform.store;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;

/**
 * Objects as files below a folder. An object is written beside its place and then renamed, so that
 * a reader, or a process that was killed, never leaves or sees half of one.
 */
public final class DirectoryObjectStore implements ObjectStore {
  private static final Pattern KEY =
      Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*");

  private final Path root;

  public DirectoryObjectStore(Path root) throws IOException {
    this.root = Files.createDirectories(root.toAbsolutePath());
  }

  @Override
  public void put(String key, byte[] bytes) throws IOException {
    put(key, new ByteArrayInputStream(bytes));
  }

  @Override
  public void put(String key, InputStream bytes) throws IOException {
    Path target = resolve(key);
    Files.createDirectories(target.getParent());
    Path draft = Files.createTempFile(target.getParent(), ".draft", null);
    try {
      try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
        bytes.transferTo(Channels.newOutputStream(channel));
        channel.force(true);
      }
      Files.move(
          draft, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  @Override
  public Optional<byte[]> get(String key) throws IOException {
    try {
      return Optional.of(Files.readAllBytes(resolve(key)));
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    }
  }

  @Override
  public Optional<Resource> find(String key) {
    Path file = resolve(key);
    return Files.isRegularFile(file) ? Optional.of(new FileSystemResource(file)) : Optional.empty();
  }

  @Override
  public void delete(String key) throws IOException {
    Files.deleteIfExists(resolve(key));
  }

  @Override
  public int deleteOlderThan(String prefix, Instant limit) throws IOException {
    Path folder = resolve(prefix);
    if (!Files.isDirectory(folder)) {
      return 0;
    }
    ExpiredFiles expired = new ExpiredFiles(folder, limit);
    Files.walkFileTree(folder, expired);
    return expired.deleted();
  }

  private Path resolve(String key) {
    if (!KEY.matcher(key).matches()) {
      throw new IllegalArgumentException("object key is '" + key + "'; it must match " + KEY);
    }
    return root.resolve(key);
  }
}
