package dev.fresco.engine.batch;

import dev.fresco.engine.recording.RecordedTensor;
import dev.fresco.engine.recording.Recording;
import java.util.List;
import java.util.function.IntPredicate;

/** A recording of which only some steps are to be had. */
record SomeSteps(Recording of, IntPredicate covered) implements Recording {
  @Override
  public int steps() {
    return of.steps();
  }

  @Override
  public List<String> names() {
    return of.names();
  }

  @Override
  public boolean covers(int step) {
    return covered.test(step);
  }

  @Override
  public RecordedTensor tensor(int step, String name) {
    if (!covers(step)) {
      throw new AssertionError("step " + step + " is not to be had");
    }
    return of.tensor(step, name);
  }
}
