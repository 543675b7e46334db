package dev.fresco.engine.recording;

import dev.fresco.engine.EngineException;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Some steps of a recording.
 *
 * @param whole stays the caller's
 * @param covered which steps
 */
public record PartialRecording(Recording whole, IntPredicate covered) implements Recording {
  @Override
  public int steps() {
    return whole.steps();
  }

  @Override
  public List<String> names() {
    return whole.names();
  }

  @Override
  public boolean covers(int step) {
    return covered.test(step);
  }

  /**
   * @throws EngineException of a step that it does not cover
   */
  @Override
  public RecordedTensor tensor(int step, String name) {
    if (!covers(step)) {
      throw new EngineException("step " + step + " is not covered");
    }
    return whole.tensor(step, name);
  }
}
