package dev.fresco.benchmarks.peer;

import dev.fresco.engine.kernel.ComputeType;
import java.util.Locale;

/**
 * A way of diffusers to run a network.
 *
 * @param format of weights and activations
 * @param compiled by {@code torch.compile}, or eager
 */
public record PeerVariant(ComputeType format, boolean compiled) {
  String dtype() {
    return format.name().toLowerCase(Locale.ROOT);
  }

  /** For tables. */
  public String label() {
    return "diffusers " + dtype() + (compiled ? ", compiled" : "");
  }
}
