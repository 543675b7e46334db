package dev.fresco.engine.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.fresco.engine.HostTensor;
import java.util.Arrays;

/**
 * Brings arrays into PyTorch's own memory. On a processor, DJL makes tensors that lie in Java's
 * direct buffers, which are freed with that tensor's Java object. A tensor that a kernel returns,
 * be it a view of its argument or the argument itself, does not keep them.
 */
final class NativeCopy {
  private NativeCopy() {}

  /**
   * @param scope the manager that the copy attaches to
   */
  static NDArray of(NDManager scope, HostTensor tensor) {
    try (NDArray buffer = scope.create(tensor.data(), new Shape(tensor.shape()))) {
      return buffer.duplicate();
    }
  }

  /** As int64, {@code [rows, places]}. */
  static NDArray of(NDManager scope, TokenRows rows) {
    long[] tokens = Arrays.stream(rows.tokens()).asLongStream().toArray();
    try (NDArray buffer = scope.create(tokens, new Shape(rows.rows(), rows.places()))) {
      return buffer.duplicate();
    }
  }
}
