package dev.fresco.engine;

import java.util.Arrays;

/**
 * A picture to start from, as the autoencoder sees it, in the scale of the denoising network.
 *
 * @param mean {@code [channels, height, width]}
 * @param deviation standard deviation, shaped like the mean; null where the autoencoder gives no
 *     distribution
 * @param strength share of the steps that are taken, over 0 to 1; at 1 nothing of the picture stays
 * @param mask {@code [height, width]} in 0..1: 1 where the picture is painted anew, 0 where it is
 *     blended in again after every step, at that step's level of noise; null to paint everywhere
 */
public record StartLatents(
    HostTensor mean, HostTensor deviation, double strength, HostTensor mask) {
  /** Painted everywhere. */
  public StartLatents(HostTensor mean, HostTensor deviation, double strength) {
    this(mean, deviation, strength, null);
  }

  public StartLatents {
    if (mask != null
        && (mask.shape().length != 2
            || mask.shape()[0] != mean.shape()[1]
            || mask.shape()[1] != mean.shape()[2])) {
      throw new EngineException(
          "the mask has the shape %s; the latents have %s"
              .formatted(Arrays.toString(mask.shape()), Arrays.toString(mean.shape())));
    }
    if (!(strength > 0 && strength <= 1)) {
      throw new EngineException("strength is " + strength + "; it must be over 0 and at most 1");
    }
  }
}
