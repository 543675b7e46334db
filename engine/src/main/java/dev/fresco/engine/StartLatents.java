package dev.fresco.engine;

import java.util.Arrays;

/**
 * A picture to start from, as the autoencoder sees it, in the scale of the denoising network.
 *
 * @param mean {@code [channels, height, width]}
 * @param deviation standard deviation, shaped like the mean; null where the autoencoder gives no
 *     distribution
 * @param strength share of the steps that are taken, over 0 to 1; at 1 nothing of the picture stays
 * @param kept the part of the picture that stays; null to paint everywhere
 */
public record StartLatents(HostTensor mean, HostTensor deviation, double strength, KeptPart kept) {
  /** Painted everywhere. */
  public StartLatents(HostTensor mean, HostTensor deviation, double strength) {
    this(mean, deviation, strength, null);
  }

  /** The same picture, a part of which stays. */
  public StartLatents keeping(KeptPart part) {
    return new StartLatents(mean, deviation, strength, part);
  }

  public StartLatents {
    long[] mask = kept == null ? null : kept.mask().shape();
    if (mask != null
        && (mask.length != 2 || mask[0] != mean.shape()[1] || mask[1] != mean.shape()[2])) {
      throw new EngineException(
          "the mask has the shape %s; the latents have %s"
              .formatted(Arrays.toString(mask), Arrays.toString(mean.shape())));
    }
    if (!(strength > 0 && strength <= 1)) {
      throw new EngineException("strength is " + strength + "; it must be over 0 and at most 1");
    }
  }
}
