package dev.fresco.engine.checkpoint;

import ai.djl.ndarray.NDArray;
import dev.fresco.engine.kernel.Kernel;

/**
 * Looks for NaN and infinities in floats, at the speed of memory: the smallest and the largest
 * number tell of all, and are not numbers if one is none.
 */
final class FiniteNumbers {
  /** The first number that is too large for fp32; of narrower types only infinity is. */
  private static final double LIMIT = 0x1p128;

  private FiniteNumbers() {}

  /**
   * @param cast the kernel of that name
   * @param numbers floats of any type, at least one
   * @return whether none is NaN, infinite, or too large for fp32
   */
  static boolean only(Kernel cast, NDArray numbers) {
    try (NDArray extremes = cast.call("extremes").tensor(numbers).run(numbers.getManager())) {
      for (double extreme : extremes.toDoubleArray()) {
        if (!(Math.abs(extreme) < LIMIT)) {
          return false;
        }
      }
      return true;
    }
  }
}
