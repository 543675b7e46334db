package dev.fresco.engine.recording;

import dev.fresco.engine.EngineException;

/** A file is no recording, or not the one that was written; made again, it can be used. */
public final class RecordingDamagedException extends EngineException {
  public RecordingDamagedException(String message) {
    super(message);
  }

  public RecordingDamagedException(String message, Throwable cause) {
    super(message, cause);
  }
}
