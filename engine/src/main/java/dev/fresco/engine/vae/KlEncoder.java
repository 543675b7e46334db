package dev.fresco.engine.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.block.Downsample;
import dev.fresco.engine.block.EntryConvolution;
import dev.fresco.engine.block.ExitConvolution;
import dev.fresco.engine.block.ResnetBlock;
import dev.fresco.engine.checkpoint.AutoencoderKlConfig;
import dev.fresco.engine.checkpoint.WeightSet;
import java.util.ArrayList;
import java.util.List;

/**
 * The encoder of {@code AutoencoderKL}, without the 1x1 convolution after it. All that works at the
 * lowest resolution is fp32 in any case, as in the decoder.
 */
final class KlEncoder {
  private final EntryConvolution entry;
  private final List<Stage> stages = new ArrayList<>();
  private final KlMiddle middle;
  private final ExitConvolution exit;

  /** One resolution; the lowest is not halved. */
  private record Stage(List<ResnetBlock> resnets, List<Downsample> halving) {}

  KlEncoder(WeightSet weights, AutoencoderKlConfig config) {
    List<Integer> channels = config.channels();
    int width = channels.get(0);
    entry = new EntryConvolution(weights, "encoder.conv_in", 3, width, 3);
    WeightSet exact = weights.exact();
    for (int i = 0; i < channels.size(); i++) {
      String name = "encoder.down_blocks." + i;
      boolean last = i == channels.size() - 1;
      List<ResnetBlock> resnets = new ArrayList<>();
      for (int j = 0; j < config.resnets(); j++) {
        int out = channels.get(i);
        resnets.add(
            ResnetBlock.plain(
                last ? exact : weights, name + ".resnets." + j, width, out, config.norm()));
        width = out;
      }
      stages.add(
          new Stage(
              resnets,
              last
                  ? List.of()
                  : List.of(new Downsample(weights, name + ".downsamplers.0", width, 0))));
    }
    middle = new KlMiddle(exact, "encoder", config, width);
    exit =
        new ExitConvolution(
            exact, "encoder.", width, 2 * config.latentChannels(), 3, config.norm());
  }

  /**
   * @param pixels {@code [batch, 3, height, width]}
   * @return fp32 {@code [batch, 2 * latent channels, height / factor, width / factor]}
   */
  NDArray forward(NDManager scope, NDArray pixels) {
    NDArray map = entry.forward(scope, pixels);
    for (Stage stage : stages) {
      for (ResnetBlock resnet : stage.resnets()) {
        try (NDArray before = map) {
          map = resnet.forward(scope, before);
        }
      }
      for (Downsample halving : stage.halving()) {
        try (NDArray before = map) {
          map = halving.forward(scope, before);
        }
      }
    }
    try (NDArray deepest = middle.forward(scope, map)) {
      return exit.forward(scope, deepest);
    }
  }
}
