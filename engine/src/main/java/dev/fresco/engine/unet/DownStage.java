package dev.fresco.engine.unet;

import ai.djl.ndarray.NDArray;
import dev.fresco.engine.block.Downsample;
import dev.fresco.engine.block.ResnetBlock;
import dev.fresco.engine.block.ResnetBlock.Widths;
import dev.fresco.engine.checkpoint.UNetConfig;
import dev.fresco.engine.checkpoint.UNetConfig.Stage;
import dev.fresco.engine.checkpoint.WeightSet;
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

  /**
   * Keeps the output of each part as a skip.
   *
   * @param x {@code [batch, in, height, width]}, a skip already
   * @return the last skip
   */
  NDArray forward(Activations pass, NDArray x) {
    NDArray map = x;
    for (int i = 0; i < resnets.size(); i++) {
      map = resnets.get(i).forward(pass.scope(), map, pass.time());
      if (!transformers.isEmpty()) {
        try (NDArray before = map) {
          map = transformers.get(i).forward(pass.scope(), before, pass.context());
        }
      }
      pass.keepSkip(map);
    }
    if (downsample.isPresent()) {
      map = pass.keepSkip(downsample.get().forward(pass.scope(), map));
    }
    return map;
  }
}
