package dev.fresco.engine.checkpoint;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The autoencoder of the original Stable Diffusion. It numbers the decoder's resolutions from the
 * full one on, diffusers from the lowest; it stores the attention's matrices as 1x1 convolutions.
 */
final class OriginalAutoencoderKeys implements OriginalKeys {
  private static final Set<String> SAME =
      Set.of(
          "encoder.conv_in",
          "encoder.conv_out",
          "decoder.conv_in",
          "decoder.conv_out",
          "quant_conv",
          "post_quant_conv");

  private static final Map<String, String> MIDDLE =
      Map.of(
          "block_1", "resnets.0",
          "block_2", "resnets.1",
          "attn_1", "attentions.0");

  private static final Map<String, String> RESNET =
      Map.of(
          "norm1", "norm1",
          "conv1", "conv1",
          "norm2", "norm2",
          "conv2", "conv2",
          "nin_shortcut", "conv_shortcut");

  private static final Map<String, String> ATTENTION =
      Map.of(
          "norm", "group_norm",
          "q", "to_q",
          "k", "to_k",
          "v", "to_v",
          "proj_out", "to_out.0");

  private static final Pattern ENDING = Pattern.compile("(.+)(\\.(?:weight|bias))");
  private static final Pattern NORM_OUT = Pattern.compile("(encoder|decoder)\\.norm_out");
  private static final Pattern MIDDLE_PART =
      Pattern.compile("(encoder|decoder)\\.mid\\.(block_1|block_2|attn_1)\\.(\\w+)");
  private static final Pattern STAGE =
      Pattern.compile("(encoder\\.down|decoder\\.up)\\.(\\d{1,2})\\.(.+)");
  private static final Pattern BLOCK = Pattern.compile("block\\.(\\d{1,2})\\.(\\w+)");

  private final int decoderStages;

  /**
   * @param keys all of the network
   */
  OriginalAutoencoderKeys(Collection<String> keys) {
    this.decoderStages =
        keys.stream()
            .map(STAGE::matcher)
            .filter(stage -> stage.matches() && stage.group(1).equals("decoder.up"))
            .mapToInt(stage -> Integer.parseInt(stage.group(2)) + 1)
            .max()
            .orElse(0);
  }

  @Override
  public List<StoredView> views(String key, StoredTensor stored, String place) {
    Matcher ending = ENDING.matcher(key);
    String name = ending.matches() ? name(ending.group(1)) : null;
    if (name == null) {
      return List.of();
    }
    String full = name + ending.group(2);
    return List.of(
        name.contains(".attentions.")
            ? StoredView.matrix(stored, full)
            : StoredView.renamed(stored, full));
  }

  private String name(String layer) {
    if (SAME.contains(layer)) {
      return layer;
    }
    Matcher norm = NORM_OUT.matcher(layer);
    if (norm.matches()) {
      return norm.group(1) + ".conv_norm_out";
    }
    Matcher middle = MIDDLE_PART.matcher(layer);
    if (middle.matches()) {
      boolean attention = middle.group(2).equals("attn_1");
      return joined(
          middle.group(1) + ".mid_block." + MIDDLE.get(middle.group(2)),
          (attention ? ATTENTION : RESNET).get(middle.group(3)));
    }
    Matcher stage = STAGE.matcher(layer);
    return stage.matches() ? inStage(stage) : null;
  }

  private String inStage(Matcher found) {
    boolean down = found.group(1).equals("encoder.down");
    int number = Integer.parseInt(found.group(2));
    String stage =
        down
            ? "encoder.down_blocks." + number
            : "decoder.up_blocks." + (decoderStages - 1 - number);
    if (found.group(3).equals(down ? "downsample.conv" : "upsample.conv")) {
      return stage + (down ? ".downsamplers.0.conv" : ".upsamplers.0.conv");
    }
    Matcher block = BLOCK.matcher(found.group(3));
    return block.matches()
        ? joined(stage + ".resnets." + block.group(1), RESNET.get(block.group(2)))
        : null;
  }

  private static String joined(String block, String part) {
    return part == null ? null : block + "." + part;
  }
}
