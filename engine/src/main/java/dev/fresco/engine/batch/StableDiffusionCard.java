package dev.fresco.engine.batch;

import dev.fresco.contracts.worker.ModelCard;
import dev.fresco.engine.checkpoint.CheckpointRevision;
import dev.fresco.engine.checkpoint.ModelDirectory;
import dev.fresco.engine.checkpoint.UNetConfig;
import dev.fresco.engine.sampler.SamplerSet;

/** What a Stable Diffusion checkpoint tells the gateway of itself. */
final class StableDiffusionCard {
  private static final int DEFAULT_STEPS = 20;
  private static final double DEFAULT_GUIDANCE = 5.0;
  private static final double MAX_GUIDANCE = 30.0;

  private StableDiffusionCard() {}

  /**
   * @param sampleSize places on a side of the latents that the model was trained on
   * @param factor pixels per latent place
   * @param positions tokens that the text encoder reads
   */
  static ModelCard of(
      ModelDirectory directory,
      ModelSettings settings,
      UNetConfig unet,
      int sampleSize,
      int factor,
      int positions,
      SamplerSet samplers) {
    // Every stage but the last halves the map, and a map that does not halve evenly paints badly.
    int multiple = factor << (unet.stages().down().size() - 1);
    int size = Math.max(multiple, sampleSize * factor);
    return new ModelCard(
        directory.path().toAbsolutePath().normalize().getFileName().toString(),
        "stable-diffusion",
        CheckpointRevision.of(directory),
        multiple,
        multiple,
        Math.max(size, settings.maxSize()),
        size,
        size,
        positions,
        samplers.names(),
        samplers.preferred(),
        Math.min(DEFAULT_STEPS, settings.maxSteps()),
        settings.maxSteps(),
        DEFAULT_GUIDANCE,
        MAX_GUIDANCE);
  }
}
