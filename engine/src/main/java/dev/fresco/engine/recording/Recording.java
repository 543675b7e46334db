package dev.fresco.engine.recording;

import java.util.List;

/** What a run of a template left behind; any number of edits read it at once. */
public interface Recording {
  /** Steps of the schedule that it has. */
  int steps();

  /**
   * Whether a run that comes to a step now takes it from here; if not, it computes the step in
   * full, and may take the next one. Asked once for each step of a run.
   */
  default boolean covers(int step) {
    return true;
  }

  /** Names of the tensors of each step, in the order of computation. */
  List<String> names();

  /**
   * A tensor; its data stays readable as long as the recording is open. Waits until it has arrived.
   *
   * @throws dev.fresco.engine.EngineException if it cannot be read, or its checksum is wrong
   */
  RecordedTensor tensor(int step, String name);
}
