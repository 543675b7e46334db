package dev.fresco.engine.unet;

import ai.djl.ndarray.NDArray;
import dev.fresco.engine.block.Downsample;
import dev.fresco.engine.block.ResnetBlock;
import dev.fresco.engine.block.ResnetBlock.Widths;
import dev.fresco.engine.checkpoint.UNetConfig;
import dev.fresco.engine.checkpoint.UNetConfig.Stage;
import dev.fresco.engine.checkpoint.WeightSet;
import dev.fresco.engine.kernel.AdapterTerms;
import dev.fresco.engine.kernel.Maps;
import dev.fresco.engine.mask.ActivePass;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One resolution on the way down; diffusers' {@code DownBlock2D} and {@code CrossAttnDownBlock2D}.
 */
final class DownStage {
  private final List<ResnetBlock> resnets = new ArrayList<>();
  private final List<SpatialTransformer> transformers = new ArrayList<>();
  private final Optional<Downsample> downsample;

  /**
   * @param in channels that come in
   * @param last whether it is the lowest resolution, which is not halved
   */
  DownStage(WeightSet weights, String name, UNetConfig config, Stage stage, int in, boolean last) {
    for (int i = 0; i < stage.resnets(); i++) {
      Widths widths =
          new Widths(i == 0 ? in : stage.channels(), stage.channels(), config.time().channels());
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
    downsample =
        last
            ? Optional.empty()
            : Optional.of(
                new Downsample(
                    weights,
                    name + ".downsamplers.0",
                    stage.channels(),
                    config.stages().downsamplePadding()));
  }

  void attend(AttendedText text, List<NDArray> contexts, AdapterTerms terms) {
    transformers.forEach(transformer -> transformer.attend(text, contexts, terms));
  }

  /**
   * On active tokens; keeps the output of each part as a skip.
   *
   * @param x {@code [tokens, in]}, a skip already
   * @return the last skip
   */
  NDArray active(ActivePass pass, AttendedText text, int level, NDArray x) {
    NDArray tokens = x;
    for (int i = 0; i < resnets.size(); i++) {
      tokens = resnets.get(i).active(pass, level, List.of(tokens));
      if (!transformers.isEmpty()) {
        try (NDArray before = tokens) {
          tokens = transformers.get(i).active(pass, text, level, before);
        }
      }
      pass.skips().push(tokens);
    }
    if (downsample.isPresent()) {
      tokens = downsample.get().active(pass, level, tokens);
      pass.skips().push(tokens);
    }
    return tokens;
  }

  /**
   * Keeps the output of each part as a skip.
   *
   * @param x {@code [rows, in, height, width]} per group, a skip already
   * @return the last skip
   */
  Maps forward(Activations pass, Maps x) {
    Maps maps = x;
    for (int i = 0; i < resnets.size(); i++) {
      maps = resnets.get(i).forward(pass.scope(), maps, pass.time(), pass.terms());
      if (!transformers.isEmpty()) {
        try (Maps before = maps) {
          maps = transformers.get(i).forward(pass, before);
        }
      }
      pass.keepSkip(maps);
    }
    if (downsample.isPresent()) {
      maps = pass.keepSkip(downsample.get().forward(pass.scope(), maps, pass.terms()));
    }
    return maps;
  }
}
