package dev.fresco.engine.unet;

import ai.djl.ndarray.NDArray;
import dev.fresco.engine.block.ResnetBlock;
import dev.fresco.engine.block.ResnetBlock.Widths;
import dev.fresco.engine.checkpoint.UNetConfig;
import dev.fresco.engine.checkpoint.UNetConfig.Stage;
import dev.fresco.engine.checkpoint.WeightSet;

/** The lowest resolution; diffusers' {@code UNetMidBlock2DCrossAttn}. */
final class MiddleStage {
  private final ResnetBlock first;
  private final SpatialTransformer transformer;
  private final ResnetBlock second;

  MiddleStage(WeightSet weights, UNetConfig config) {
    Stage stage = config.stages().middle();
    double scale = config.stages().middleScale();
    Widths widths = new Widths(stage.channels(), stage.channels(), config.time().channels());
    first = ResnetBlock.timed(weights, "mid_block.resnets.0", widths, config.norm(), scale);
    transformer =
        new SpatialTransformer(
            weights,
            "mid_block.attentions.0",
            stage,
            config.crossAttention(),
            config.norm().groups());
    second = ResnetBlock.timed(weights, "mid_block.resnets.1", widths, config.norm(), scale);
  }

  /**
   * @param x {@code [batch, channels, height, width]}; stays open
   * @return like x
   */
  NDArray forward(Activations pass, NDArray x) {
    try (NDArray resnet = first.forward(pass.scope(), x, pass.time());
        NDArray attended = transformer.forward(pass.scope(), resnet, pass.context())) {
      return second.forward(pass.scope(), attended, pass.time());
    }
  }
}
