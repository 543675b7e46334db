package dev.fresco.engine;

/**
 * A picture to start from, as the autoencoder sees it, in the scale of the denoising network.
 *
 * @param mean {@code [channels, height, width]}
 * @param deviation standard deviation, shaped like the mean; null where the autoencoder gives no
 *     distribution
 * @param strength share of the steps that are taken, over 0 to 1; at 1 nothing of the picture stays
 */
public record StartLatents(HostTensor mean, HostTensor deviation, double strength) {
  public StartLatents {
    if (!(strength > 0 && strength <= 1)) {
      throw new EngineException("strength is " + strength + "; it must be over 0 and at most 1");
    }
  }
}
