package dev.fresco.engine.checkpoint;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The UNet of the original Stable Diffusion. It numbers its blocks in one row, {@code
 * input_blocks.0} to the last; diffusers groups them by resolution. A block with a halving or
 * doubling convolution ends a resolution, so the keys themselves tell the groups.
 */
final class OriginalUNetKeys implements OriginalKeys {
  private static final Map<String, String> ENDS =
      Map.of(
          "time_embed.0", "time_embedding.linear_1",
          "time_embed.2", "time_embedding.linear_2",
          "label_emb.0.0", "add_embedding.linear_1",
          "label_emb.0.2", "add_embedding.linear_2",
          "input_blocks.0.0", "conv_in",
          "out.0", "conv_norm_out",
          "out.2", "conv_out");

  private static final Map<String, String> RESNET =
      Map.of(
          "in_layers.0", "norm1",
          "in_layers.2", "conv1",
          "emb_layers.1", "time_emb_proj",
          "out_layers.0", "norm2",
          "out_layers.3", "conv2",
          "skip_connection", "conv_shortcut");

  private static final Map<String, String> MIDDLE =
      Map.of("0", "resnets.0", "1", "attentions.0", "2", "resnets.1");

  private static final Pattern ATTENTION =
      Pattern.compile(
          "(?:norm|proj_in|proj_out|transformer_blocks\\.\\d{1,3}\\."
              + "(?:norm[123]|attn[12]\\.to_(?:q|k|v|out\\.0)|ff\\.net\\.(?:0\\.proj|2)))");

  private static final Pattern NUMBERED =
      Pattern.compile("(input|output)_blocks\\.(\\d{1,3})\\.([012])\\.(.+)");
  private static final Pattern MIDDLE_PART = Pattern.compile("middle_block\\.([012])\\.(.+)");
  private static final Pattern ENDING = Pattern.compile("(.+)(\\.(?:weight|bias))");

  private final Map<Integer, Place> inputs;
  private final Map<Integer, Place> outputs;

  /** Which resolution a block belongs to, and its number there. */
  private record Place(int stage, int layer) {}

  /**
   * @param keys all of the network
   */
  OriginalUNetKeys(Collection<String> keys) {
    this.inputs = places(keys, "input", "op");
    this.outputs = places(keys, "output", "conv");
  }

  @Override
  public List<StoredView> views(String key, StoredTensor stored, String place) {
    Matcher ending = ENDING.matcher(key);
    if (!ending.matches()) {
      return List.of();
    }
    String name = name(ending.group(1));
    return name == null ? List.of() : List.of(StoredView.renamed(stored, name + ending.group(2)));
  }

  private String name(String layer) {
    String end = ENDS.get(layer);
    if (end != null) {
      return end;
    }
    Matcher middle = MIDDLE_PART.matcher(layer);
    if (middle.matches()) {
      return inside("mid_block." + MIDDLE.get(middle.group(1)), middle.group(2));
    }
    Matcher numbered = NUMBERED.matcher(layer);
    return numbered.matches() ? numbered(numbered) : null;
  }

  private String numbered(Matcher found) {
    boolean down = found.group(1).equals("input");
    Place place = (down ? inputs : outputs).get(Integer.valueOf(found.group(2)));
    if (place == null) {
      return null;
    }
    String stage = (down ? "down_blocks." : "up_blocks.") + place.stage();
    boolean first = found.group(3).equals("0");
    String part = found.group(4);
    if (down && first && part.equals("op")) {
      return stage + ".downsamplers.0.conv";
    }
    if (!down && !first && part.equals("conv")) {
      return stage + ".upsamplers.0.conv";
    }
    return inside(stage + (first ? ".resnets." : ".attentions.") + place.layer(), part);
  }

  private static String inside(String block, String part) {
    if (block.contains("attentions")) {
      return ATTENTION.matcher(part).matches() ? block + "." + part : null;
    }
    String name = RESNET.get(part);
    return name == null ? null : block + "." + name;
  }

  private static Map<Integer, Place> places(
      Collection<String> keys, String side, String resampling) {
    // Whether a block ends its resolution. Input block 0 is the convolution before all of them.
    Map<Integer, Boolean> blocks = new HashMap<>();
    for (String key : keys) {
      Matcher found = NUMBERED.matcher(key);
      if (found.matches() && found.group(1).equals(side)) {
        blocks.merge(
            Integer.valueOf(found.group(2)),
            found.group(4).startsWith(resampling + "."),
            Boolean::logicalOr);
      }
    }
    Map<Integer, Place> places = new HashMap<>();
    int stage = 0;
    int layer = 0;
    // After a gap no block has a place, so that it is refused.
    for (int i = side.equals("input") ? 1 : 0; blocks.containsKey(i); i++) {
      places.put(i, new Place(stage, layer++));
      if (blocks.get(i)) {
        stage++;
        layer = 0;
      }
    }
    return places;
  }
}
