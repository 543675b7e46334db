package dev.fresco.engine.checkpoint;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The configuration of a {@code UNet2DConditionModel} whose file brings none, from the shapes of
 * its weights. Heads leave no trace in shapes; they and what else shapes do not tell are those of
 * the family.
 *
 * @param sizes by diffusers' names
 */
record InferredUNet(TensorSizes sizes) {
  /** Of the frequencies that stand for SDXL's picture sizes. */
  private static final int SIZE_WAVES = 256;

  /**
   * @param heads of every attention, or 0 where each head has 64 channels
   * @param sampleSize places on a side of the latents that the family was trained on
   */
  Map<String, Object> config(int heads, int sampleSize) {
    int stages = sizes.count("down_blocks.", ".resnets.0.conv1.weight");
    List<Integer> channels = new ArrayList<>();
    List<Integer> resnets = new ArrayList<>();
    List<Integer> layers = new ArrayList<>();
    List<String> downTypes = new ArrayList<>();
    List<String> upTypes = new ArrayList<>();
    for (int i = 0; i < stages; i++) {
      String down = "down_blocks." + i;
      channels.add(sizes.size(down + ".resnets.0.conv1.weight", 0));
      resnets.add(sizes.count(down + ".resnets.", ".conv1.weight"));
      boolean attention = attends(down);
      boolean last = i == stages - 1;
      layers.add(attention ? depth(down) : last ? depth("mid_block") : 1);
      downTypes.add(attention ? "CrossAttnDownBlock2D" : "DownBlock2D");
      upTypes.add(attends("up_blocks." + i) ? "CrossAttnUpBlock2D" : "UpBlock2D");
    }
    Map<String, Object> config = new HashMap<>();
    config.put("_class_name", UNetConfig.CLASS_NAME);
    config.put("sample_size", sampleSize);
    config.put("in_channels", sizes.size("conv_in.weight", 1));
    config.put("out_channels", sizes.size("conv_out.weight", 0));
    config.put("block_out_channels", channels);
    config.put("layers_per_block", resnets);
    config.put("transformer_layers_per_block", layers);
    config.put("down_block_types", downTypes);
    config.put("up_block_types", upTypes);
    config.put("attention_head_dim", channels.stream().map(width -> heads(width, heads)).toList());
    config.put("time_embedding_dim", sizes.size("time_embedding.linear_1.weight", 0));
    addAttention(config);
    addPictureSizes(config);
    return config;
  }

  private void addAttention(Map<String, Object> config) {
    String middle = "mid_block.attentions.0";
    config.put(
        "cross_attention_dim", sizes.size(middle + ".transformer_blocks.0.attn2.to_k.weight", 1));
    config.put("use_linear_projection", sizes.axes(middle + ".proj_in.weight") == 2);
  }

  private void addPictureSizes(Map<String, Object> config) {
    String first = "add_embedding.linear_1.weight";
    if (sizes.has(first)) {
      config.put("addition_embed_type", "text_time");
      config.put("addition_time_embed_dim", SIZE_WAVES);
      config.put("projection_class_embeddings_input_dim", sizes.size(first, 1));
    }
  }

  private boolean attends(String stage) {
    return sizes.has(stage + ".attentions.0.norm.weight");
  }

  private int depth(String stage) {
    return Math.max(1, sizes.count(stage + ".attentions.0.transformer_blocks.", ".norm1.weight"));
  }

  static int heads(int channels, int fixed) {
    return fixed > 0 ? fixed : Math.max(1, channels / 64);
  }
}
