package dev.fresco.engine.unet;

import ai.djl.ndarray.NDArray;
import dev.fresco.engine.block.ResnetBlock;
import dev.fresco.engine.block.ResnetBlock.Widths;
import dev.fresco.engine.block.Upsample;
import dev.fresco.engine.checkpoint.UNetConfig;
import dev.fresco.engine.checkpoint.UNetConfig.Stage;
import dev.fresco.engine.checkpoint.WeightSet;
import dev.fresco.engine.kernel.AdapterTerms;
import dev.fresco.engine.kernel.Maps;
import dev.fresco.engine.mask.ActivePass;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One resolution on the way up; diffusers' {@code UpBlock2D} and {@code CrossAttnUpBlock2D}. */
final class UpStage {
  private final List<ResnetBlock> resnets = new ArrayList<>();
  private final List<SpatialTransformer> transformers = new ArrayList<>();
  private final Optional<Upsample> upsample;

  /**
   * @param index of the stage, 0 for the lowest resolution
   */
  UpStage(WeightSet weights, UNetConfig config, int index) {
    String name = "up_blocks." + index;
    List<Stage> up = config.stages().up();
    Stage stage = up.get(index);
    int below = up.get(Math.max(index - 1, 0)).channels();
    int above = up.get(Math.min(index + 1, up.size() - 1)).channels();
    for (int i = 0; i < stage.resnets(); i++) {
      int fromBelow = i == 0 ? below : stage.channels();
      int skip = i == stage.resnets() - 1 ? above : stage.channels();
      Widths widths = new Widths(fromBelow + skip, stage.channels(), config.time().channels());
      resnets.add(ResnetBlock.timed(weights, name + ".resnets." + i, widths, config.norm(), 1));
      if (stage.attention()) {
        transformers.add(
            new SpatialTransformer(
                weights,
                name + ".attentions." + i,
                stage,
                config.crossAttention(),
                config.norm().groups()));
      }
    }
    upsample =
        index == up.size() - 1
            ? Optional.empty()
            : Optional.of(new Upsample(weights, name + ".upsamplers.0", stage.channels()));
  }

  void attend(AttendedText text, List<NDArray> contexts, AdapterTerms terms) {
    transformers.forEach(transformer -> transformer.attend(text, contexts, terms));
  }

  /**
   * On active tokens; takes one skip for each resnet.
   *
   * @param x {@code [tokens, channels below]}; closed here
   * @return {@code [tokens of the stage above, channels]}
   */
  NDArray active(ActivePass pass, AttendedText text, int level, NDArray x) {
    NDArray tokens = x;
    for (int i = 0; i < resnets.size(); i++) {
      try (NDArray before = tokens;
          NDArray skip = pass.skips().pop()) {
        tokens = resnets.get(i).active(pass, level, List.of(before, skip));
      }
      if (!transformers.isEmpty()) {
        try (NDArray before = tokens) {
          tokens = transformers.get(i).active(pass, text, level, before);
        }
      }
    }
    if (upsample.isPresent()) {
      try (NDArray before = tokens) {
        tokens = upsample.get().active(pass, level, before);
      }
    }
    return tokens;
  }

  /**
   * Takes one skip for each resnet; the enlarged map has the size of the skip that comes next,
   * which is twice the size or one less.
   *
   * @param x {@code [rows, channels below, height, width]} per group; closed here
   * @return {@code [rows, channels, height, width]} of the stage above
   */
  Maps forward(Activations pass, Maps x) {
    Maps maps = x;
    for (int i = 0; i < resnets.size(); i++) {
      try (Maps before = maps;
          Maps skips = pass.takeSkip()) {
        maps = resnets.get(i).forward(pass.scope(), before, skips, pass.time(), pass.terms());
      }
      if (!transformers.isEmpty()) {
        try (Maps before = maps) {
          maps = transformers.get(i).forward(pass, before);
        }
      }
    }
    if (upsample.isPresent()) {
      long[] sizes = pass.nextSkip().sizes();
      try (Maps before = maps) {
        maps = upsample.get().forward(pass.scope(), before, sizes, pass.terms());
      }
    }
    return maps;
  }
}
