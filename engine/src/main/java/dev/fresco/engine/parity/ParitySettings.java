package dev.fresco.engine.parity;

import dev.fresco.engine.kernel.ComputeType;
import dev.fresco.engine.kernel.KernelLibrary;

/** Where and in which numbers checks run. */
public record ParitySettings(KernelLibrary kernels, ComputeType computeType) {

  /** The relative error that a network may have. */
  public double networkLimit() {
    return switch (computeType) {
      case FP32 -> 1e-4;
      case BF16 -> 3e-2;
    };
  }

  /** The relative error that latents and picture may have after many passes of the networks. */
  public double pictureLimit() {
    return networkLimit();
  }
}
