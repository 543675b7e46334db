package dev.fresco.engine.recording;

import dev.fresco.engine.EngineException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A recording in memory outside Java's heap. Readable once its run is over. */
public final class MemoryRecording implements RecordingSink, Recording {
  private final List<Map<String, RecordedTensor>> steps = new ArrayList<>();

  @Override
  public void put(int step, RecordedTensor tensor) {
    while (steps.size() <= step) {
      steps.add(new LinkedHashMap<>());
    }
    ByteBuffer copy = ByteBuffer.allocateDirect(tensor.data().remaining());
    copy.put(tensor.data().duplicate()).flip();
    RecordedTensor kept =
        new RecordedTensor(
            tensor.name(), tensor.type(), tensor.shape(), copy.order(ByteOrder.LITTLE_ENDIAN));
    steps.get(step).put(tensor.name(), kept);
  }

  @Override
  public int steps() {
    return steps.size();
  }

  @Override
  public List<String> names() {
    return steps.isEmpty() ? List.of() : List.copyOf(steps.get(0).keySet());
  }

  @Override
  public RecordedTensor tensor(int step, String name) {
    RecordedTensor found = step < steps.size() ? steps.get(step).get(name) : null;
    if (found == null) {
      throw new EngineException("the recording has no " + name + " of step " + step);
    }
    return found;
  }
}
