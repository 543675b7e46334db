package dev.fresco.engine;

import dev.fresco.contracts.worker.ModelCard;

/**
 * A loaded model. Every method may be called from any thread at any time; a batch belongs to one
 * thread.
 */
public interface DiffusionModel extends AutoCloseable {
  /** What it can do. */
  ModelCard card();

  /** Tokenises and encodes. */
  Conditioning encode(Prompt prompt);

  /** An empty batch for the denoising loop. */
  <K> DenoisingBatch<K> newBatch();

  /**
   * Runs the decoder.
   *
   * @param latents {@code [channels, height, width]} as {@link DenoisingBatch#latents} gave them
   * @throws EngineException if the latents or the picture are not finite
   */
  Picture decode(HostTensor latents);

  /**
   * A rough picture of unfinished latents, one pixel per latent place, at next to no cost.
   *
   * @param latents {@code [channels, height, width]}
   */
  Picture preview(HostTensor latents);

  @Override
  void close();
}
