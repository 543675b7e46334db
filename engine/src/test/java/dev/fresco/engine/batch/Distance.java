package dev.fresco.engine.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.engine.HostTensor;
import dev.fresco.engine.parity.RelativeError;

/** How far two latents are apart. */
final class Distance {
  private Distance() {}

  /** Relative to the second. */
  static double of(HostTensor a, HostTensor b) {
    assertThat(a.shape()).isEqualTo(b.shape());
    return RelativeError.of(a.data(), b.data());
  }
}
