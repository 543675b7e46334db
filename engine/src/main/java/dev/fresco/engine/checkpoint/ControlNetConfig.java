package dev.fresco.engine.checkpoint;

import dev.fresco.engine.EngineException;
import java.util.List;

/**
 * The architecture of a {@code ControlNetModel}.
 *
 * @param encoder as that of the UNet that it belongs to
 * @param pictureChannels of the convolutions that bring the picture to the size of the latents; all
 *     but the first halve it
 */
public record ControlNetConfig(UNetConfig encoder, List<Integer> pictureChannels) {

  /**
   * Reads a configuration.
   *
   * @throws EngineException naming the file, key and value of what is not supported
   */
  public static ControlNetConfig read(ConfigJson json) {
    json.choice("controlnet_conditioning_channel_order", "rgb", List.of("rgb"));
    if (json.flag("global_pool_conditions", false)) {
      throw json.refused("global_pool_conditions", true, "false");
    }
    int channels = json.size("conditioning_channels", 3);
    if (channels != 3) {
      throw json.refused("conditioning_channels", channels, "3, red, green and blue");
    }
    return new ControlNetConfig(
        UNetConfig.read(json),
        json.sizes("conditioning_embedding_out_channels", List.of(16, 32, 96, 256)));
  }

  /** Pixels of the picture for each place of the latents, on each axis. */
  public int factor() {
    return 1 << (pictureChannels.size() - 1);
  }
}
