package dev.fresco.engine.adapter;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the layers of a UNet were called in the original Stable Diffusion code ({@code
 * openaimodel.py}), which counts its blocks through: every resnet with its attention, every
 * downsampler, is one of {@code input_blocks}; an upsampler shares the last of its stage in {@code
 * output_blocks}.
 */
final class OriginalUNetNames {
  private static final Pattern STAGE =
      Pattern.compile(
          "(down|up)_blocks\\.(\\d{1,3})"
              + "\\.(resnets|attentions|downsamplers|upsamplers)\\.(\\d{1,3})\\.(.+)");
  private static final Pattern MIDDLE =
      Pattern.compile("mid_block\\.(resnets|attentions)\\.(\\d{1,3})\\.(.+)");

  private static final Map<String, String> ENDS =
      Map.of(
          "conv_in", "input_blocks.0.0",
          "conv_out", "out.2",
          "time_embedding.linear_1", "time_embed.0",
          "time_embedding.linear_2", "time_embed.2",
          "add_embedding.linear_1", "label_emb.0.0",
          "add_embedding.linear_2", "label_emb.0.2");

  private static final Map<String, String> IN_RESNETS =
      Map.of(
          "conv1", "in_layers.2",
          "time_emb_proj", "emb_layers.1",
          "conv2", "out_layers.3",
          "conv_shortcut", "skip_connection");

  /** Resnets of each stage. */
  private final SortedMap<Integer, Integer> down = new TreeMap<>();

  private final SortedMap<Integer, Integer> up = new TreeMap<>();

  /** Stages on the way up that have attentions; there the upsampler comes third. */
  private final Map<Integer, Boolean> attentionOnTheWayUp = new HashMap<>();

  private OriginalUNetNames(Set<String> paths) {
    for (String path : paths) {
      Matcher stage = STAGE.matcher(path);
      if (stage.matches()) {
        int block = Integer.parseInt(stage.group(2));
        boolean goingUp = stage.group(1).equals("up");
        switch (stage.group(3)) {
          case "resnets" ->
              (goingUp ? up : down).merge(block, Integer.parseInt(stage.group(4)) + 1, Math::max);
          case "attentions" -> {
            if (goingUp) {
              attentionOnTheWayUp.put(block, true);
            }
          }
          default -> {}
        }
      }
    }
  }

  /**
   * The original names of a network's layers, with dots.
   *
   * @param paths of all its layers
   */
  static Map<String, LayerTarget> of(Set<String> paths) {
    OriginalUNetNames names = new OriginalUNetNames(paths);
    Map<String, LayerTarget> targets = new TreeMap<>();
    for (String path : paths) {
      names.name(path).ifPresent(name -> targets.put(name, LayerTarget.of(path)));
    }
    return targets;
  }

  private Optional<String> name(String path) {
    Matcher stage = STAGE.matcher(path);
    if (stage.matches()) {
      return staged(stage);
    }
    Matcher middle = MIDDLE.matcher(path);
    if (middle.matches()) {
      boolean resnet = middle.group(1).equals("resnets");
      int place = 2 * Integer.parseInt(middle.group(2)) + (resnet ? 0 : 1);
      return Optional.of("middle_block." + place + "." + inner(resnet, middle.group(3)));
    }
    return Optional.ofNullable(ENDS.get(path));
  }

  private Optional<String> staged(Matcher stage) {
    boolean goingUp = stage.group(1).equals("up");
    int block = Integer.parseInt(stage.group(2));
    int place = first(goingUp, block) + Integer.parseInt(stage.group(4));
    String blocks = (goingUp ? "output_blocks." : "input_blocks.");
    return switch (stage.group(3)) {
      case "resnets" -> Optional.of(blocks + place + ".0." + inner(true, stage.group(5)));
      case "attentions" -> Optional.of(blocks + place + ".1." + inner(false, stage.group(5)));
      case "downsamplers" ->
          stage.group(5).equals("conv")
              ? Optional.of(blocks + (place + down.getOrDefault(block, 0)) + ".0.op")
              : Optional.empty();
      default ->
          Optional.of(
              blocks
                  + (place + up.getOrDefault(block, 1) - 1)
                  + (attentionOnTheWayUp.containsKey(block) ? ".2." : ".1.")
                  + stage.group(5));
    };
  }

  /** Where a stage begins in the original's count. */
  private int first(boolean goingUp, int block) {
    return goingUp
        ? up.headMap(block).values().stream().mapToInt(resnets -> resnets).sum()
        : 1 + down.headMap(block).values().stream().mapToInt(resnets -> resnets + 1).sum();
  }

  private static String inner(boolean resnet, String name) {
    return resnet ? IN_RESNETS.getOrDefault(name, name) : name;
  }
}
