package dev.fresco.engine;

import dev.fresco.contracts.worker.ModelCard;
import java.nio.file.Path;
import java.util.List;

/**
 * A loaded model. Every method may be called from any thread at any time; a batch belongs to one
 * thread. Each throws {@link OutOfMemoryException} if memory is short, and leaves nothing behind.
 */
public interface DiffusionModel extends AutoCloseable {
  /** What it can do. */
  ModelCard card();

  /**
   * Tokenises and encodes.
   *
   * @param adapters of the request, which may change the text encoders
   */
  Conditioning encode(Prompt prompt, List<AdapterUse> adapters);

  /** Without adapters. */
  default Conditioning encode(Prompt prompt) {
    return encode(prompt, List.of());
  }

  /**
   * Loads a LoRA that fits this model; the caller closes it when no picture uses it any more.
   *
   * @param file in any of the known spellings
   * @throws EngineException naming the file, the key and what is wrong or does not fit
   */
  Adapter loadAdapter(Path file);

  /**
   * A picture to start from.
   *
   * @param picture of the size of the picture to paint
   * @param strength share of the steps to take, over 0 to 1
   */
  StartLatents encodePicture(Picture picture, double strength);

  /**
   * Loads a ControlNet that fits this model; the caller closes it when no picture uses it any more.
   *
   * @param folder with {@code config.json} and weights in the diffusers layout
   * @throws EngineException naming what is wrong or does not fit
   */
  ControlNet loadControlNet(Path folder);

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
   * What {@link #decodeRegion} must know of the picture that another is a variant of. Runs the
   * decoder.
   *
   * @param latents as {@link #decode} takes them, usually those of the template
   */
  default DecoderStatistics decoderStatistics(HostTensor latents) {
    return DecoderStatistics.none();
  }

  /**
   * Decodes a part of a picture, at the cost of that part and the surroundings that it depends on.
   *
   * @param latents of the whole picture, as {@link #decode} takes them
   * @param region places of the latents
   * @param recorded of a picture that is the same outside the region
   * @return the region's pixels; those of {@link #decode} where the decoder has no norms, else near
   *     to them
   * @throws EngineException if the region is not within the latents, the statistics are another
   *     decoder's, or the picture is not finite
   */
  default PictureRegion decodeRegion(
      HostTensor latents, Region region, DecoderStatistics recorded) {
    Picture whole = decode(latents);
    int factor = whole.width() / (int) latents.shape()[2];
    return PictureRegion.of(whole, region.times(factor));
  }

  /**
   * A rough picture of unfinished latents, one pixel per latent place, at next to no cost.
   *
   * @param latents {@code [channels, height, width]}
   */
  Picture preview(HostTensor latents);

  @Override
  void close();
}
