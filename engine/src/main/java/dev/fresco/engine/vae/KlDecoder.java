package dev.fresco.engine.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.block.EntryConvolution;
import dev.fresco.engine.block.ExitConvolution;
import dev.fresco.engine.block.ResnetBlock;
import dev.fresco.engine.block.Upsample;
import dev.fresco.engine.checkpoint.AutoencoderKlConfig;
import dev.fresco.engine.checkpoint.WeightSet;
import java.util.ArrayList;
import java.util.List;

/**
 * The decoder of {@code AutoencoderKL}, without the 1x1 convolution before it. All that works at
 * the lowest resolution is fp32 in any case: in four stages that is a seventh of the products, and
 * a third of the error that bf16 would make.
 */
final class KlDecoder {
  private final EntryConvolution entry;
  private final KlMiddle middle;
  private final List<Stage> stages = new ArrayList<>();
  private final ExitConvolution exit;

  /** One resolution; the full one is not enlarged. */
  private record Stage(List<ResnetBlock> resnets, List<Upsample> enlarging) {}

  KlDecoder(WeightSet weights, AutoencoderKlConfig config) {
    List<Integer> channels = config.channels();
    int width = channels.get(channels.size() - 1);
    WeightSet exact = weights.exact();
    entry = new EntryConvolution(exact, "decoder.conv_in", config.latentChannels(), width, 3);
    middle = new KlMiddle(exact, "decoder", config, width);
    for (int i = 0; i < channels.size(); i++) {
      String name = "decoder.up_blocks." + i;
      int out = channels.get(channels.size() - 1 - i);
      WeightSet own = i == 0 ? exact : weights;
      List<ResnetBlock> resnets = new ArrayList<>();
      for (int j = 0; j < config.resnets() + 1; j++) {
        resnets.add(ResnetBlock.plain(own, name + ".resnets." + j, width, out, config.norm()));
        width = out;
      }
      boolean last = i == channels.size() - 1;
      stages.add(
          new Stage(
              resnets,
              last ? List.of() : List.of(new Upsample(own, name + ".upsamplers.0", width))));
    }
    exit = new ExitConvolution(weights, "decoder.", width, 3, 3, config.norm());
  }

  /**
   * @param latents {@code [batch, latent channels, height, width]}
   * @return fp32 {@code [batch, 3, height * factor, width * factor]}
   */
  NDArray forward(NDManager scope, NDArray latents) {
    NDArray map = middle.forward(scope, entry.forward(scope, latents));
    for (Stage stage : stages) {
      for (ResnetBlock resnet : stage.resnets()) {
        try (NDArray before = map) {
          map = resnet.forward(scope, before);
        }
      }
      for (Upsample enlarging : stage.enlarging()) {
        try (NDArray before = map) {
          long[] size = before.getShape().getShape();
          map = enlarging.forward(scope, before, size[2] * 2, size[3] * 2);
        }
      }
    }
    try (NDArray full = map) {
      return exit.forward(scope, full);
    }
  }
}
