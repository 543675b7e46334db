package dev.fresco.platform.recording;

import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * What is known of the files' content.
 *
 * @param opening opens a file
 * @param verifying reads a whole recording; throws if it is damaged
 * @param <R> an open recording; many threads may read it
 */
public record RecordingFormat<R extends AutoCloseable>(Opening<R> opening, Consumer<R> verifying) {

  /** Opens files. */
  @FunctionalInterface
  public interface Opening<R> {
    /**
     * @param arrived waits until so many bytes from the file's start are there; the file has its
     *     full size already
     * @throws RuntimeException if it is none, or damaged
     */
    R open(Path file, LongConsumer arrived);
  }

  R openWhole(Path file) {
    return opening.open(file, bytes -> {});
  }

  void verify(R recording) {
    verifying.accept(recording);
  }
}
