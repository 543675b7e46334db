package dev.fresco.platform.recording;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/** A stand-in for a recording: a text that begins with "sound". */
final class TextRecording implements AutoCloseable {
  static final RecordingFormat<TextRecording> FORMAT =
      new RecordingFormat<>(TextRecording::new, recording -> {});

  boolean closed;

  private TextRecording(Path file, LongConsumer arrived) {
    arrived.accept(5);
    try {
      if (!Files.readString(file).startsWith("sound")) {
        throw new IllegalArgumentException(file + " is damaged");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
