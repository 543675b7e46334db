package dev.fresco.engine.dit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.fresco.engine.EngineException;
import dev.fresco.engine.kernel.KernelCall;
import dev.fresco.engine.recording.RecordedTensor;
import dev.fresco.engine.recording.RecordedTensor.Type;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Hands recorded keys and values to the blocks of a pass, and on what they leave.
 *
 * @param nothing an empty tensor, which stands for those of groups that compute all
 */
record BlockStates(TokenLayout layout, RecordedStates states, int channels, NDArray nothing) {
  static BlockStates of(NDManager scope, FluxInput input, int channels) {
    NDArray nothing = scope.create(new long[0], new Shape(0));
    return new BlockStates(input.layout(), input.states(), channels, nothing);
  }

  static String keys(String block) {
    return block + ".k";
  }

  static String values(String block) {
    return block + ".v";
  }

  /**
   * Gives a call its arguments: recorded keys and values, the places that are not read from them,
   * and the groups that leave theirs.
   *
   * @param scope of the recorded tensors, which are not copied where they lie in native memory
   */
  KernelCall give(KernelCall call, String block, NDManager scope) {
    List<NDArray> recorded = new ArrayList<>(recorded(keys(block), scope));
    recorded.addAll(recorded(values(block), scope));
    return call.tensors(recorded).tensors(computed()).integers(wanted());
  }

  /**
   * Hands on what a block left.
   *
   * @param left keys and values of each group that leaves them
   */
  void take(String block, NDArray[] left) {
    long[] wanted = wanted();
    for (int i = 0; i < wanted.length; i++) {
      RecordedStates.Sink sink = states.sinks().get((int) wanted[i]);
      try (NDArray keys = left[2 * i];
          NDArray values = left[2 * i + 1]) {
        sink.take(keys(block), keys);
        sink.take(values(block), values);
      }
    }
  }

  private long[] wanted() {
    return states.sinks().keySet().stream().mapToLong(Integer::longValue).sorted().toArray();
  }

  private List<NDArray> computed() {
    List<NDArray> computed = new ArrayList<>();
    for (int group = 0; group < layout.groups().size(); group++) {
      RecordedStates.Source source = states.sources().get(group);
      computed.add(source == null ? nothing : source.computed());
    }
    return computed;
  }

  private List<NDArray> recorded(String name, NDManager scope) {
    List<NDArray> each = new ArrayList<>();
    for (int group = 0; group < layout.groups().size(); group++) {
      RecordedStates.Source source = states.sources().get(group);
      int places = layout.groups().get(group).shape().places();
      each.add(source == null ? nothing : array(source.tensors().apply(name), places, scope));
    }
    return each;
  }

  /** bf16 as if it were fp16, since DJL cannot make bf16. */
  private NDArray array(RecordedTensor tensor, int places, NDManager scope) {
    long[] wanted = {1, places, channels};
    if (!Arrays.equals(tensor.shape(), wanted)) {
      throw new EngineException(
          "recorded %s has the shape %s; the picture needs %s"
              .formatted(tensor.name(), Arrays.toString(tensor.shape()), Arrays.toString(wanted)));
    }
    // PyTorch takes a buffer from where it begins, not from its position.
    ByteBuffer data = tensor.data().slice().order(tensor.data().order());
    DataType type = tensor.type() == Type.BF16 ? DataType.FLOAT16 : DataType.FLOAT32;
    return scope.create(data, new Shape(wanted), type);
  }
}
