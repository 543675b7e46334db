package dev.fresco.engine.dit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.kernel.AdapterTerms;
import dev.fresco.engine.kernel.KernelCall;
import java.util.List;

/**
 * What all blocks read in one forward pass.
 *
 * @param scope of what lives until its end
 * @param conditions {@code [members, channels]}, in the type of the products
 */
record Pass(
    NDManager scope,
    TokenLayout layout,
    NDArray conditions,
    List<NDArray> rotations,
    AdapterTerms terms,
    BlockStates states) {

  /**
   * Runs a block's kernel.
   *
   * @param call with all arguments before those of {@link BlockStates#give}
   * @param block its name
   */
  void run(KernelCall call, String block) {
    try (NDManager inner = scope.newSubManager()) {
      NDArray[] left =
          states.give(call, block, inner).adapters(block + ".", terms).runForList(inner);
      states.take(block, left);
    }
  }
}
