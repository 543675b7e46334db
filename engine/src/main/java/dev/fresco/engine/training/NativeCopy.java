package dev.fresco.engine.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.fresco.engine.HostTensor;
import java.util.Arrays;
import java.util.List;

/**
 * Brings arrays into PyTorch's own memory. On a processor, DJL makes tensors that lie in Java's
 * direct buffers, which are freed with that tensor's Java object. A tensor that a kernel returns,
 * be it a view of its argument or the argument itself, does not keep them.
 */
public final class NativeCopy {
  private NativeCopy() {}

  /**
   * @param scope the manager that the copy attaches to
   */
  public static NDArray of(NDManager scope, HostTensor tensor) {
    try (NDArray buffer = scope.create(tensor.data(), new Shape(tensor.shape()))) {
      return buffer.duplicate();
    }
  }

  /** What a model's first layer takes. */
  static List<NDArray> inputs(NDManager scope, Examples examples) {
    if (examples instanceof TokenExamples text) {
      return List.of(of(scope, text.tokens()));
    }
    NoisyLatents pictures = (NoisyLatents) examples;
    return List.of(
        of(scope, pictures.latents()),
        of(scope, HostTensor.of(pictures.times(), pictures.rows())),
        integers(scope, pictures.labels(), new Shape(pictures.rows())));
  }

  /** What a model's last layer takes beside the states. */
  static NDArray targets(NDManager scope, Examples examples) {
    return examples instanceof TokenExamples text
        ? of(scope, text.targets())
        : of(scope, ((NoisyLatents) examples).target());
  }

  /** As int64, {@code [rows, places]}. */
  private static NDArray of(NDManager scope, TokenRows rows) {
    return integers(scope, rows.tokens(), new Shape(rows.rows(), rows.places()));
  }

  private static NDArray integers(NDManager scope, int[] values, Shape shape) {
    try (NDArray buffer = scope.create(Arrays.stream(values).asLongStream().toArray(), shape)) {
      return buffer.duplicate();
    }
  }
}
