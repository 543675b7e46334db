package dev.fresco.worker.edit;

import dev.fresco.engine.EngineException;
import dev.fresco.engine.recording.RecordedTensor;
import dev.fresco.engine.recording.Recording;
import java.util.List;

/** A recording that remembers whether it could be read. */
final class GuardedRecording implements Recording {
  private final Recording recording;
  private volatile EngineException failure;

  GuardedRecording(Recording recording) {
    this.recording = recording;
  }

  /** Why it could not be read, or null. */
  EngineException failure() {
    return failure;
  }

  @Override
  public int steps() {
    return recording.steps();
  }

  @Override
  public List<String> names() {
    return recording.names();
  }

  @Override
  public RecordedTensor tensor(int step, String name) {
    try {
      return recording.tensor(step, name);
    } catch (EngineException e) {
      failure = e;
      throw e;
    }
  }
}
