package dev.fresco.cache.recording;

import dev.fresco.engine.recording.RecordingFile;
import dev.fresco.platform.recording.RecordingFormat;

/** The files' format. */
public final class RecordingFiles {
  /** Recordings as the engine writes them. */
  public static final RecordingFormat<RecordingFile> FORMAT =
      new RecordingFormat<>(RecordingFile::open, RecordingFile::verify);

  private RecordingFiles() {}
}
