package dev.fresco.engine.batch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.kernel.AdapterTerms;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.unet.AttendedText;
import java.util.List;
import java.util.Optional;

/**
 * What a UNet needs of the members of a batch and does not change from step to step.
 *
 * @param manager of all tensors here
 * @param kernel that stacks rows
 * @param groups that it is of
 * @param plan how their adapters are applied
 * @param terms of adapters that only some rows have
 * @param guided places of the guided members of each group
 * @param text keys and values of every row's text
 * @param added what SDXL is told beside them
 */
record UNetRows(
    NDManager manager,
    Kernel kernel,
    List<SizeGroup> groups,
    AdapterPlan plan,
    AdapterTerms terms,
    List<NDArray> guided,
    AttendedText text,
    Optional<Added> added)
    implements AutoCloseable {

  /**
   * What SDXL is told of the pictures and the texts as a whole.
   *
   * @param sizes fp32 {@code [rows, 6]}
   * @param pooled fp32 {@code [rows, channels]}
   * @param embedding of both by the UNet, {@code [rows, time channels]}
   */
  record Added(NDArray sizes, NDArray pooled, NDArray embedding) {}

  static NDArray stacked(NDManager scope, Kernel kernel, List<NDArray> rows) {
    return kernel.call("stacked").tensors(rows).run(scope);
  }

  @Override
  public void close() {
    text.close();
    terms.close();
    manager.close();
  }
}
