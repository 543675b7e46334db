package dev.fresco.engine.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.DecoderStatistics;
import dev.fresco.engine.EngineException;
import dev.fresco.engine.Region;
import dev.fresco.engine.checkpoint.Component;
import dev.fresco.engine.checkpoint.LatentScale;
import dev.fresco.engine.kernel.ComputeType;
import dev.fresco.engine.kernel.KernelLibrary;
import java.util.Optional;

/**
 * Between pixels and latents. Scaling is left to the caller: both ways speak the autoencoder's own
 * latents. Holds no state between calls; threads may share it.
 */
public interface Autoencoder extends AutoCloseable {
  /**
   * What the encoder says of a picture.
   *
   * @param mean fp32 {@code [batch, latent channels, height, width]}
   * @param logVariance like the mean; empty where the encoder gives no distribution
   */
  record Encoding(NDArray mean, Optional<NDArray> logVariance) {}

  /**
   * @param scope the manager that the result attaches to
   * @param latents fp32 {@code [batch, latent channels, height, width]}
   * @return fp32 {@code [batch, 3, height * factor, width * factor]}, about -1..1 and not clamped
   */
  NDArray decode(NDManager scope, NDArray latents);

  /**
   * Decodes a part of the picture.
   *
   * @param scope the manager that the result attaches to
   * @param latents of the whole picture, as {@link #decode} takes them
   * @param region places of the latents
   * @param recorded of a picture that is the same outside the region
   * @return fp32 {@code [batch, 3, region's height * factor, region's width * factor]}
   */
  NDArray decodeRegion(NDManager scope, NDArray latents, Region region, DecoderStatistics recorded);

  /**
   * What {@link #decodeRegion} needs to know of a picture; runs the decoder if it has norms.
   *
   * @param latents of one picture, as {@link #decode} takes them
   */
  DecoderStatistics statistics(NDManager scope, NDArray latents);

  /**
   * @param scope the manager that the result attaches to
   * @param pixels fp32 {@code [batch, 3, height, width]} in -1..1, multiples of the factor
   */
  Encoding encode(NDManager scope, NDArray pixels);

  /** Between these latents and the denoising network's. */
  LatentScale scale();

  /** {@code network latents = (autoencoder latents - shift) * this}. */
  default double scalingFactor() {
    return scale().factor();
  }

  /** See {@link #scalingFactor}. */
  default double shiftFactor() {
    return scale().shift();
  }

  int latentChannels();

  /** Pixels per latent place, on each axis. */
  int factor();

  @Override
  void close();

  /**
   * Loads whichever autoencoder a checkpoint has.
   *
   * @throws EngineException naming what is wrong with the checkpoint and where
   */
  static Autoencoder load(Component component, KernelLibrary kernels, ComputeType computeType) {
    String found = component.className();
    return switch (found) {
      case "AutoencoderKL" -> AutoencoderKl.load(component, kernels, computeType);
      case "AutoencoderTiny" -> AutoencoderTiny.load(component, kernels, computeType);
      default ->
          throw new EngineException(
              component.config().source()
                  + ": is for "
                  + found
                  + "; supported: AutoencoderKL, AutoencoderTiny");
    };
  }
}
