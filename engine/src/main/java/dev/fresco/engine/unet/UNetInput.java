package dev.fresco.engine.unet;

import ai.djl.ndarray.NDArray;
import dev.fresco.engine.kernel.AdapterTerms;
import dev.fresco.engine.kernel.Maps;
import java.util.List;
import java.util.Optional;

/**
 * What a UNet or a ControlNet is given for one step. Rows are those of the first group, then those
 * of the second, and so on.
 *
 * @param samples fp32 {@code [rows, in channels, height, width]} per group
 * @param timesteps fp32 {@code [rows]}
 * @param added to the time embedding, fp32 {@code [rows, time channels]}; see {@link UNet#added}
 * @param text that the rows attend to, see {@link UNet#attend}
 * @param residuals of ControlNets; none for a ControlNet itself
 * @param terms of adapters that only some rows have
 */
public record UNetInput(
    Maps samples,
    NDArray timesteps,
    Optional<NDArray> added,
    AttendedText text,
    List<ControlResiduals> residuals,
    AdapterTerms terms) {
  /** The same with residuals of ControlNets. */
  public UNetInput with(List<ControlResiduals> added) {
    return new UNetInput(samples, timesteps, this.added, text, added, terms);
  }
}
