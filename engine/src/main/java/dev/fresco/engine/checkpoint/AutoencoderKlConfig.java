package dev.fresco.engine.checkpoint;

import dev.fresco.engine.EngineException;
import java.util.Collections;
import java.util.List;

/**
 * The architecture of an {@code AutoencoderKL}, with diffusers' defaults.
 *
 * @param latentChannels of the latents
 * @param channels per resolution, from the full one on
 * @param resnets per resolution of the encoder; the decoder has one more
 * @param norm of all GroupNorms
 * @param parts which optional parts there are
 * @param scale of the latents
 */
public record AutoencoderKlConfig(
    int latentChannels,
    List<Integer> channels,
    int resnets,
    Normalisation norm,
    Parts parts,
    LatentScale scale) {

  /** The class's fixed epsilon. */
  private static final double EPSILON = 1e-6;

  /**
   * @param middleAttention whether the lowest resolution attends
   * @param quantConvolution whether a 1x1 convolution follows the encoder
   * @param postQuantConvolution whether one stands before the decoder
   */
  public record Parts(
      boolean middleAttention, boolean quantConvolution, boolean postQuantConvolution) {}

  /**
   * Reads a configuration.
   *
   * @throws EngineException naming the file, key and value of what is not supported
   */
  public static AutoencoderKlConfig read(ConfigJson json) {
    json.requireUnset("latents_mean", "latents_std");
    json.choice("act_fn", "silu", List.of("silu", "swish"));
    requireColours(json);
    List<Integer> channels = json.sizes("block_out_channels", List.of(64));
    requireBlocks(json, "down_block_types", "DownEncoderBlock2D", channels.size());
    requireBlocks(json, "up_block_types", "UpDecoderBlock2D", channels.size());
    Normalisation norm = new Normalisation(json.size("norm_num_groups", 32), EPSILON);
    for (int width : channels) {
      if (width % norm.groups() != 0) {
        throw json.refused("norm_num_groups", norm.groups(), "divisors of " + width + " channels");
      }
    }
    return new AutoencoderKlConfig(
        json.size("latent_channels", 4),
        channels,
        json.size("layers_per_block", 1),
        norm,
        new Parts(
            json.flag("mid_block_add_attention", true),
            json.flag("use_quant_conv", true),
            json.flag("use_post_quant_conv", true)),
        LatentScale.read(json, 0.18215));
  }

  static void requireColours(ConfigJson json) {
    for (String key : List.of("in_channels", "out_channels")) {
      int found = json.size(key, 3);
      if (found != 3) {
        throw json.refused(key, found, "3, red, green and blue");
      }
    }
  }

  private static void requireBlocks(ConfigJson json, String key, String type, int places) {
    List<String> expected = Collections.nCopies(places, type);
    List<String> found = json.texts(key, List.of(type));
    if (!found.equals(expected)) {
      throw json.refused(key, found, expected.toString());
    }
  }
}
