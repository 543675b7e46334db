package dev.fresco.benchmarks.engine;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The sizes of a UNet of the Stable Diffusion kind.
 *
 * @param name by which it is asked for
 * @param channels of each stage; all but the last have attention
 * @param resnets of each stage on the way down
 * @param context channels of the text encoder
 * @param heads of every attention
 */
record Architecture(String name, List<Integer> channels, int resnets, int context, int heads) {
  /** Stable Diffusion 1.5. */
  static final Architecture SD15 =
      new Architecture("sd15", List.of(320, 640, 1280, 1280), 2, 768, 8);

  static Optional<Architecture> named(String name) {
    return name.equals(SD15.name()) ? Optional.of(SD15) : Optional.empty();
  }

  int timeChannels() {
    return channels.get(0) * 4;
  }

  /** {@code config.json} as diffusers writes it, without what is at its default. */
  String config(int latentChannels) {
    String[] down = new String[channels.size()];
    String[] up = new String[channels.size()];
    Arrays.fill(down, "\"CrossAttnDownBlock2D\"");
    Arrays.fill(up, "\"CrossAttnUpBlock2D\"");
    down[down.length - 1] = "\"DownBlock2D\"";
    up[0] = "\"UpBlock2D\"";
    return """
        {"_class_name": "UNet2DConditionModel", "sample_size": 64,
         "in_channels": %1$d, "out_channels": %1$d, "block_out_channels": [%2$s],
         "down_block_types": [%3$s], "up_block_types": [%4$s],
         "layers_per_block": %5$d, "cross_attention_dim": %6$d, "attention_head_dim": %7$d}
        """
        .formatted(
            latentChannels,
            channels.stream().map(String::valueOf).collect(Collectors.joining(", ")),
            String.join(", ", down),
            String.join(", ", up),
            resnets,
            context,
            heads);
  }
}
