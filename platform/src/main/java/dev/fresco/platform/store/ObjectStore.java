package dev.fresco.platform.store;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Optional;
import org.springframework.core.io.Resource;

/**
 * Where inputs and results lie. Keys are slash-separated names such as {@code
 * results/job_01J.../0.png}. Writing a key again replaces what was there, at once and whole.
 */
public interface ObjectStore {
  void put(String key, byte[] bytes) throws IOException;

  /** Stores what a stream holds, without keeping it in memory. The caller closes the stream. */
  void put(String key, InputStream bytes) throws IOException;

  Optional<byte[]> get(String key) throws IOException;

  /** An object to be read piece by piece, for what is too large for memory. */
  Optional<Resource> find(String key) throws IOException;

  /** Removes an object; an absent one is no error. */
  void delete(String key) throws IOException;

  /**
   * Removes what was written before an instant, and what a killed process left half written.
   *
   * @param prefix the first part of the keys, for example {@code results}
   * @return how many were removed
   */
  int deleteOlderThan(String prefix, Instant limit) throws IOException;
}
