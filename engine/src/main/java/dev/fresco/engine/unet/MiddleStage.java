package dev.fresco.engine.unet;

import ai.djl.ndarray.NDArray;
import dev.fresco.engine.block.ResnetBlock;
import dev.fresco.engine.block.ResnetBlock.Widths;
import dev.fresco.engine.checkpoint.UNetConfig;
import dev.fresco.engine.checkpoint.UNetConfig.Stage;
import dev.fresco.engine.checkpoint.WeightSet;
import dev.fresco.engine.kernel.AdapterTerms;
import dev.fresco.engine.kernel.Maps;
import dev.fresco.engine.mask.ActivePass;
import java.util.List;

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

  void attend(AttendedText text, List<NDArray> contexts, AdapterTerms terms) {
    transformer.attend(text, contexts, terms);
  }

  /**
   * On active tokens.
   *
   * @param x {@code [tokens, channels]}; stays open
   * @return like x
   */
  NDArray active(ActivePass pass, AttendedText text, int level, NDArray x) {
    try (NDArray resnet = first.active(pass, level, List.of(x));
        NDArray attended = transformer.active(pass, text, level, resnet)) {
      return second.active(pass, level, List.of(attended));
    }
  }

  /**
   * @param x {@code [rows, channels, height, width]} per group; stays open
   * @return like x
   */
  Maps forward(Activations pass, Maps x) {
    try (Maps resnet = first.forward(pass.scope(), x, pass.time(), pass.terms());
        Maps attended = transformer.forward(pass, resnet)) {
      return second.forward(pass.scope(), attended, pass.time(), pass.terms());
    }
  }
}
