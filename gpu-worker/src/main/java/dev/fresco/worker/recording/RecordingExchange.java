package dev.fresco.worker.recording;

import dev.fresco.contracts.template.RecordingKey;
import java.io.IOException;
import java.nio.file.Path;

/** Where the recordings of all workers are kept. */
public interface RecordingExchange {
  /**
   * Fetches a recording.
   *
   * @param target a file that is not there yet
   * @return false if there is no such recording; then there is no file
   * @throws IOException if it cannot be had
   */
  boolean fetch(String id, Path target) throws IOException;

  /**
   * Gives a recording to all.
   *
   * @throws IOException if it was not taken
   */
  void store(RecordingKey key, Path file) throws IOException;

  /**
   * Says that what was fetched is damaged, so that it is made again.
   *
   * @throws IOException if nobody took note
   */
  void reportDamaged(String id, String reason) throws IOException;
}
