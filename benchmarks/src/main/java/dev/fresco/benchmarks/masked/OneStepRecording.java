package dev.fresco.benchmarks.masked;

import dev.fresco.engine.recording.MemoryRecording;
import dev.fresco.engine.recording.RecordedTensor;
import dev.fresco.engine.recording.Recording;
import dev.fresco.engine.recording.RecordingSink;
import java.util.List;

/**
 * A recording that gives every step what the first one left: as much to read as a whole recording
 * has, in the memory of one step.
 *
 * @param steps that it stands for
 */
record OneStepRecording(int steps, MemoryRecording first) implements RecordingSink, Recording {
  OneStepRecording(int steps) {
    this(steps, new MemoryRecording());
  }

  @Override
  public void put(int step, RecordedTensor tensor) {
    if (step == 0) {
      first.put(0, tensor);
    }
  }

  @Override
  public List<String> names() {
    return first.names();
  }

  @Override
  public RecordedTensor tensor(int step, String name) {
    return first.tensor(0, name);
  }

  /** Of a step. */
  long bytes() {
    return names().stream().mapToLong(name -> first.tensor(0, name).data().remaining()).sum();
  }
}
