package dev.fresco.engine.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;

/** What a stage keeps of one microbatch from pass to pass, in native memory of its own. */
final class KeptMicrobatch implements AutoCloseable {
  private final NDManager manager;
  private final long[] states;
  private final double loss;
  private final boolean backwardDone;

  /** By layer. */
  private final List<List<NDArray>> layers;

  private KeptMicrobatch(
      NDManager manager,
      long[] states,
      List<List<NDArray>> layers,
      double loss,
      boolean backwardDone) {
    this.manager = manager;
    this.states = states;
    this.layers = layers;
    this.loss = loss;
    this.backwardDone = backwardDone;
  }

  /**
   * @param manager is closed with this
   * @param loss not a number where the stage has no head
   */
  static KeptMicrobatch afterForward(
      NDManager manager, long[] states, List<List<NDArray>> layers, double loss) {
    return new KeptMicrobatch(manager, states, layers, loss, false);
  }

  /** The same memory, where other tensors lie now. */
  KeptMicrobatch afterBackward(List<List<NDArray>> layers) {
    return new KeptMicrobatch(manager, states, layers, loss, true);
  }

  NDManager manager() {
    return manager;
  }

  /** The shape of what stages hand on: {@code [rows, places, channels]}. */
  long[] states() {
    return states;
  }

  List<NDArray> layer(int index) {
    return layers.get(index);
  }

  double loss() {
    return loss;
  }

  boolean backwardDone() {
    return backwardDone;
  }

  long bytes() {
    return layers.stream()
        .flatMap(List::stream)
        .mapToLong(tensor -> tensor.size() * tensor.getDataType().getNumOfBytes())
        .sum();
  }

  @Override
  public void close() {
    manager.close();
  }
}
