package dev.fresco.platform.store;

import java.io.IOException;
import java.util.Optional;

/**
 * Where inputs and results lie. Keys are slash-separated names such as {@code
 * results/job_01J.../0.png}. Writing a key again replaces what was there, at once and whole.
 */
public interface ObjectStore {
  void put(String key, byte[] bytes) throws IOException;

  Optional<byte[]> get(String key) throws IOException;

  /** Removes an object; an absent one is no error. */
  void delete(String key) throws IOException;
}
