package dev.fresco.engine.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.block.ResnetBlock;
import dev.fresco.engine.checkpoint.AutoencoderKlConfig;
import dev.fresco.engine.checkpoint.Normalisation;
import dev.fresco.engine.checkpoint.WeightSet;
import dev.fresco.engine.checkpoint.WeightShapes;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.kernel.KernelWeights;
import java.util.Optional;

/** The lowest resolution of either half; diffusers' {@code UNetMidBlock2D}. */
final class KlMiddle {
  private final Kernel kernel;
  private final ResnetBlock first;
  private final Optional<KernelWeights> attention;
  private final ResnetBlock second;
  private final Normalisation norm;

  /**
   * @param half {@code encoder} or {@code decoder}
   */
  KlMiddle(WeightSet weights, String half, AutoencoderKlConfig config, int channels) {
    String name = half + ".mid_block.";
    kernel = weights.kernel("autoencoder");
    norm = config.norm();
    first = ResnetBlock.plain(weights, name + "resnets.0", channels, channels, norm);
    attention =
        config.parts().middleAttention()
            ? Optional.of(weights.part(name + "attentions.0", attentionShapes(channels)))
            : Optional.empty();
    second = ResnetBlock.plain(weights, name + "resnets.1", channels, channels, norm);
  }

  /**
   * @param x {@code [batch, channels, height, width]}; closed here
   * @return like x
   */
  NDArray forward(NDManager scope, NDArray x) {
    try (NDArray before = x;
        NDArray resnet = first.forward(scope, before)) {
      if (attention.isEmpty()) {
        return second.forward(scope, resnet);
      }
      try (NDArray attended = attend(scope, resnet, attention.get())) {
        return second.forward(scope, attended);
      }
    }
  }

  private NDArray attend(NDManager scope, NDArray x, KernelWeights weights) {
    return kernel
        .call("attend")
        .tensor(x)
        .weights(weights)
        .integer(norm.groups())
        .decimal(norm.epsilon())
        .run(scope);
  }

  private static WeightShapes attentionShapes(int channels) {
    return new WeightShapes()
        .norm("group_norm", channels)
        .linear("to_q", channels, channels)
        .linear("to_k", channels, channels)
        .linear("to_v", channels, channels)
        .linear("to_out.0", channels, channels);
  }
}
