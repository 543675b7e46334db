package dev.fresco.engine.checkpoint;

import dev.fresco.engine.EngineException;
import java.util.List;

/**
 * The architecture of an {@code AutoencoderTiny}, with diffusers' defaults.
 *
 * @param latentChannels of the latents
 * @param encoder from the full resolution on
 * @param decoder from the lowest resolution on
 * @param enlargement of the decoder from one resolution to the next
 * @param scale of the latents
 */
public record AutoencoderTinyConfig(
    int latentChannels, Half encoder, Half decoder, int enlargement, LatentScale scale) {

  /**
   * @param channels the same at every resolution
   * @param blocks residual blocks per resolution
   */
  public record Half(int channels, List<Integer> blocks) {}

  /**
   * Reads a configuration.
   *
   * @throws EngineException naming the file, key and value of what is not supported
   */
  public static AutoencoderTinyConfig read(ConfigJson json) {
    json.choice("act_fn", "relu", List.of("relu"));
    json.choice("upsample_fn", "nearest", List.of("nearest"));
    AutoencoderKlConfig.requireColours(json);
    return new AutoencoderTinyConfig(
        json.size("latent_channels", 4),
        half(json, "encoder_block_out_channels", "num_encoder_blocks", List.of(1, 3, 3, 3)),
        half(json, "decoder_block_out_channels", "num_decoder_blocks", List.of(3, 3, 3, 1)),
        json.size("upsampling_scaling_factor", 2),
        LatentScale.read(json, 1));
  }

  private static Half half(
      ConfigJson json, String channelsKey, String blocksKey, List<Integer> blocksByDefault) {
    List<Integer> channels = json.sizes(channelsKey, List.of(64, 64, 64, 64));
    if (channels.stream().distinct().count() > 1) {
      throw json.refused(channelsKey, channels, "one number of channels for all resolutions");
    }
    List<Integer> blocks = json.sizes(blocksKey, blocksByDefault);
    if (blocks.size() != channels.size()) {
      throw json.refused(blocksKey, blocks, "as many numbers as " + channelsKey);
    }
    return new Half(channels.get(0), blocks);
  }
}
