package dev.fresco.engine.adapter;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the layers of a Flux transformer were called in the original code, where the projections of
 * one attention are a single layer.
 */
final class OriginalFluxNames {
  private static final Pattern BLOCK =
      Pattern.compile("(single_)?transformer_blocks\\.(\\d{1,3})\\.(.+)");

  private static final Map<String, String> IN_DOUBLE_BLOCKS =
      Map.of(
          "attn.to_out.0", "img_attn.proj",
          "ff.net.0.proj", "img_mlp.0",
          "ff.net.2", "img_mlp.2",
          "norm1.linear", "img_mod.lin",
          "attn.to_add_out", "txt_attn.proj",
          "ff_context.net.0.proj", "txt_mlp.0",
          "ff_context.net.2", "txt_mlp.2",
          "norm1_context.linear", "txt_mod.lin");

  private static final Map<String, String> IN_SINGLE_BLOCKS =
      Map.of("proj_out", "linear2", "norm.linear", "modulation.lin");

  private static final Map<String, String> ENDS =
      Map.of(
          "x_embedder", "img_in",
          "context_embedder", "txt_in",
          "time_text_embed.timestep_embedder.linear_1", "time_in.in_layer",
          "time_text_embed.timestep_embedder.linear_2", "time_in.out_layer",
          "time_text_embed.text_embedder.linear_1", "vector_in.in_layer",
          "time_text_embed.text_embedder.linear_2", "vector_in.out_layer",
          "time_text_embed.guidance_embedder.linear_1", "guidance_in.in_layer",
          "time_text_embed.guidance_embedder.linear_2", "guidance_in.out_layer",
          "proj_out", "final_layer.linear");

  /** The original has shift before scale there, diffusers the other way round. */
  private static final String LAST_NORM = "norm_out.linear";

  private OriginalFluxNames() {}

  /**
   * The original names of a network's layers, with dots.
   *
   * @param paths of all its layers
   */
  static Map<String, LayerTarget> of(Set<String> paths) {
    Map<String, LayerTarget> targets = new TreeMap<>();
    for (String path : paths) {
      Matcher block = BLOCK.matcher(path);
      if (block.matches()) {
        addOfBlock(targets, path, block);
      } else if (path.equals(LAST_NORM)) {
        targets.put("final_layer.adaLN_modulation.1", new LayerTarget(List.of(path), true));
      } else if (ENDS.containsKey(path)) {
        targets.put(ENDS.get(path), LayerTarget.of(path));
      }
    }
    targets.values().removeIf(target -> !paths.containsAll(target.paths()));
    return targets;
  }

  private static void addOfBlock(Map<String, LayerTarget> targets, String path, Matcher block) {
    boolean single = block.group(1) != null;
    String original = (single ? "single_blocks." : "double_blocks.") + block.group(2) + ".";
    String inner = block.group(3);
    String own = path.substring(0, path.length() - inner.length());
    String name = (single ? IN_SINGLE_BLOCKS : IN_DOUBLE_BLOCKS).get(inner);
    if (name != null) {
      targets.put(original + name, LayerTarget.of(path));
    } else if (inner.equals("attn.to_q") && single) {
      targets.put(
          original + "linear1", fused(own, "attn.to_q", "attn.to_k", "attn.to_v", "proj_mlp"));
    } else if (inner.equals("attn.to_q")) {
      targets.put(original + "img_attn.qkv", fused(own, "attn.to_q", "attn.to_k", "attn.to_v"));
    } else if (inner.equals("attn.add_q_proj")) {
      targets.put(
          original + "txt_attn.qkv",
          fused(own, "attn.add_q_proj", "attn.add_k_proj", "attn.add_v_proj"));
    }
  }

  private static LayerTarget fused(String prefix, String... inner) {
    return new LayerTarget(List.of(inner).stream().map(name -> prefix + name).toList(), false);
  }
}
