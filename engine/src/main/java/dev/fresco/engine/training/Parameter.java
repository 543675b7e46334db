package dev.fresco.engine.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.fresco.engine.HostTensor;

/**
 * A weight with what training holds beside it; all four have one shape and change in place.
 *
 * @param gradient the sum over the microbatches since the last step
 * @param firstMoment the running mean of the gradient
 * @param secondMoment that of its square
 */
public record Parameter(
    NDArray weight, NDArray gradient, NDArray firstMoment, NDArray secondMoment) {
  /** Before the first step, in fp32. */
  static Parameter fresh(NDManager scope, HostTensor start) {
    return fresh(scope, start, DataType.FLOAT32);
  }

  /**
   * Before the first step.
   *
   * @param scope the manager that all attach to
   */
  static Parameter fresh(NDManager scope, HostTensor start, DataType type) {
    Shape shape = new Shape(start.shape());
    NDArray weight = NativeCopy.of(scope, start);
    if (type != DataType.FLOAT32) {
      try (NDArray before = weight) {
        weight = before.toType(type, true);
      }
    }
    return new Parameter(
        weight, scope.zeros(shape, type), scope.zeros(shape, type), scope.zeros(shape, type));
  }

  /** Between two steps, in fp32. */
  static Parameter resumed(
      NDManager scope, HostTensor weight, HostTensor firstMoment, HostTensor secondMoment) {
    return new Parameter(
        NativeCopy.of(scope, weight),
        scope.zeros(new Shape(weight.shape())),
        NativeCopy.of(scope, firstMoment),
        NativeCopy.of(scope, secondMoment));
  }
}
