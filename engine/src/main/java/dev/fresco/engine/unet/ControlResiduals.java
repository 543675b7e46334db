package dev.fresco.engine.unet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.kernel.Maps;
import java.util.List;

/**
 * What one ControlNet adds to the skip connections and the middle of some rows of a UNet's batch.
 *
 * @param maps one for each skip in the order of the way down, then one for the middle; unscaled
 * @param rows that they belong to
 */
public record ControlResiduals(List<Maps> maps, Rows rows) {
  /**
   * Rows of a ControlNet's groups in the UNet's.
   *
   * @param groups of the UNet, one for each group here
   * @param places {@code [rows]} in that group, one tensor for each group here
   * @param scales fp32 {@code [rows, 1, 1, 1]}, likewise
   */
  public record Rows(long[] groups, List<NDArray> places, List<NDArray> scales) {}

  /**
   * Adds the maps of a place in place.
   *
   * @param index of a skip, or the number of skips for the middle
   */
  void addTo(Maps there, int index, Kernel kernel, NDManager scope) {
    kernel
        .call("add")
        .maps(there)
        .maps(maps.get(index))
        .integers(rows.groups())
        .tensors(rows.places())
        .tensors(rows.scales())
        .run(scope)
        .close();
  }
}
