package dev.fresco.engine.text;

import dev.fresco.engine.HostTensor;
import java.util.Arrays;

/**
 * What an adapter adds to one linear layer, {@code y += x down^T up^T} (arXiv:2106.09685, equation
 * 3), with every factor of the adapter's own in {@code up}.
 *
 * @param down {@code [rank, in]}
 * @param up {@code [out, rank]}
 */
public record LowRankPair(HostTensor down, HostTensor up) {
  public LowRankPair {
    if (down.shape().length != 2 || up.shape().length != 2 || down.shape()[0] != up.shape()[1]) {
      throw new IllegalArgumentException(
          "down %s and up %s are not [rank, in] and [out, rank]"
              .formatted(Arrays.toString(down.shape()), Arrays.toString(up.shape())));
    }
  }

  int rank() {
    return (int) down.shape()[0];
  }
}
