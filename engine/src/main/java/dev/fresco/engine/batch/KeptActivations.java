package dev.fresco.engine.batch;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.mask.ActivePass;
import dev.fresco.engine.recording.RecordedTensor;
import dev.fresco.engine.recording.RecordedTensor.Type;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * What a pass leaves behind for those members that are recorded. It is gigabytes for a large
 * network, so it stays in native memory until it is handed on.
 *
 * @param scope of the step
 * @param members of the pass
 * @param tensors of each member
 */
record KeptActivations(
    NDManager scope, Kernel kernel, List<Member> members, List<List<RecordedTensor>> tensors)
    implements ActivePass.Keeping {

  static KeptActivations of(NDManager scope, Kernel kernel, List<Member> members) {
    List<List<RecordedTensor>> tensors = new ArrayList<>();
    members.forEach(member -> tensors.add(new ArrayList<>()));
    return new KeptActivations(scope, kernel, members, tensors);
  }

  @Override
  public boolean wants(int member) {
    return members.get(member).active().recording() == null;
  }

  @Override
  public void map(int member, String name, NDArray tokens, ActivePass.Rows rows) {
    NDArray half =
        kernel
            .call("kept")
            .tensor(tokens)
            .integer(rows.first())
            .integer(rows.last())
            .integer(rows.rows())
            .run(scope);
    put(member, name, Type.BF16, half);
  }

  @Override
  public void whole(int member, String name, NDArray tensor, boolean half) {
    NDArray own = half ? kernel.call("kept_whole").tensor(tensor).run(scope) : tensor.duplicate();
    put(member, name, half ? Type.BF16 : Type.FP32, own);
  }

  private void put(int member, String name, Type type, NDArray tensor) {
    NDArray here = tensor.toDevice(Device.cpu(), false);
    here.attach(scope);
    ByteBuffer data = here.toByteBuffer(true).order(ByteOrder.LITTLE_ENDIAN);
    tensors.get(member).add(new RecordedTensor(name, type, tensor.getShape().getShape(), data));
  }

  /** Gives each member what it left. */
  void handOver() {
    for (int i = 0; i < members.size(); i++) {
      members.get(i).leave(tensors.get(i));
    }
  }
}
