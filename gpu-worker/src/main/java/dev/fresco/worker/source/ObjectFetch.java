package dev.fresco.worker.source;

import dev.fresco.contracts.StoredObject;
import dev.fresco.platform.store.ObjectStore;
import dev.fresco.platform.store.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.springframework.core.io.Resource;

/** Fetches objects and holds them to the size and hash under which a job names them. */
final class ObjectFetch {
  private static final int BUFFER_BYTES = 1 << 16;

  private final ObjectStore objects;

  ObjectFetch(ObjectStore objects) {
    this.objects = objects;
  }

  /** Why an object is not the one that was meant. */
  enum Wrong {
    ABSENT("is no longer there"),
    DAMAGED("is damaged: its size or its SHA-256 is not the one that was registered");

    private final String words;

    Wrong(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  /** An object, or what is wrong with it. */
  record Fetched(byte[] bytes, Wrong wrong) {}

  /** An object as a whole; for those that fit in memory several times. */
  Fetched bytes(StoredObject object) throws IOException {
    Optional<byte[]> found = objects.get(object.objectKey());
    if (found.isEmpty()) {
      return new Fetched(null, Wrong.ABSENT);
    }
    boolean meant =
        found.get().length == object.bytes() && Sha256.of(found.get()).equals(object.sha256());
    return meant ? new Fetched(found.get(), null) : new Fetched(null, Wrong.DAMAGED);
  }

  /**
   * Copies an object into a file.
   *
   * @return what is wrong with it; then there is no file
   */
  Optional<Wrong> copy(StoredObject object, Path target) throws IOException {
    Optional<Resource> found = objects.find(object.objectKey());
    if (found.isEmpty()) {
      return Optional.of(Wrong.ABSENT);
    }
    boolean meant = false;
    try {
      meant = copy(found.get(), object.bytes(), target) && hash(target).equals(object.sha256());
    } finally {
      if (!meant) {
        Files.deleteIfExists(target);
      }
    }
    return meant ? Optional.empty() : Optional.of(Wrong.DAMAGED);
  }

  private static boolean copy(Resource source, long bytes, Path target) throws IOException {
    long copied = 0;
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = source.getInputStream();
        OutputStream out = Files.newOutputStream(target)) {
      for (int read = in.read(buffer); read >= 0 && copied <= bytes; read = in.read(buffer)) {
        out.write(buffer, 0, read);
        copied += read;
      }
    }
    return copied == bytes;
  }

  private static String hash(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return Sha256.of(in);
    }
  }
}
