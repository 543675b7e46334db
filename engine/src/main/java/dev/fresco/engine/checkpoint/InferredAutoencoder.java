package dev.fresco.engine.checkpoint;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The configuration of an {@code AutoencoderKL} whose file brings none, from the shapes of its
 * weights.
 *
 * @param sizes by diffusers' names
 */
record InferredAutoencoder(TensorSizes sizes) {
  /**
   * @param scale of the latents in the family
   */
  Map<String, Object> config(double scale) {
    int stages = sizes.count("encoder.down_blocks.", ".resnets.0.conv1.weight");
    List<Integer> channels =
        IntStream.range(0, stages)
            .map(i -> sizes.size("encoder.down_blocks." + i + ".resnets.0.conv1.weight", 0))
            .boxed()
            .toList();
    Map<String, Object> config = new HashMap<>();
    config.put("_class_name", "AutoencoderKL");
    config.put("in_channels", sizes.size("encoder.conv_in.weight", 1));
    config.put("out_channels", sizes.size("decoder.conv_out.weight", 0));
    config.put("latent_channels", sizes.size("decoder.conv_in.weight", 1));
    config.put("block_out_channels", channels);
    config.put(
        "layers_per_block",
        Math.max(1, sizes.count("encoder.down_blocks.0.resnets.", ".conv1.weight")));
    config.put("down_block_types", Collections.nCopies(stages, "DownEncoderBlock2D"));
    config.put("up_block_types", Collections.nCopies(stages, "UpDecoderBlock2D"));
    config.put("mid_block_add_attention", sizes.has("decoder.mid_block.attentions.0.to_q.weight"));
    config.put("use_quant_conv", sizes.has("quant_conv.weight"));
    config.put("use_post_quant_conv", sizes.has("post_quant_conv.weight"));
    config.put("scaling_factor", scale);
    return config;
  }
}
