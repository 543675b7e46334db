package dev.fresco.engine.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.Region;
import dev.fresco.engine.block.EntryConvolution;
import dev.fresco.engine.block.Upsample;
import dev.fresco.engine.checkpoint.AutoencoderKlConfig;
import dev.fresco.engine.checkpoint.WeightSet;
import dev.fresco.engine.kernel.Kernel;
import java.util.ArrayList;
import java.util.List;

/**
 * The decoder of {@code AutoencoderKL}, without the 1x1 convolution before it. All that works at
 * the lowest resolution is fp32 in any case: in four stages that is a seventh of the products, and
 * a third of the error that bf16 would make.
 *
 * <p>For a part of the picture the lowest resolution is still computed whole, its attention
 * included; the others are cut to what the part depends on, and their norms take the statistics
 * that another picture left.
 */
final class KlDecoder {
  private static final int ENLARGEMENT = 2;

  private final Kernel kernel;
  private final EntryConvolution entry;
  private final KlMiddle middle;
  private final List<Stage> stages = new ArrayList<>();
  private final KlExit exit;

  /** One resolution; the full one is not enlarged. */
  private record Stage(List<KlResnet> resnets, List<Upsample> enlarging) {}

  KlDecoder(WeightSet weights, AutoencoderKlConfig config) {
    List<Integer> channels = config.channels();
    int width = channels.get(channels.size() - 1);
    WeightSet exact = weights.exact();
    kernel = weights.kernel("autoencoder");
    entry = new EntryConvolution(exact, "decoder.conv_in", config.latentChannels(), width, 3);
    middle = new KlMiddle(exact, "decoder", config, width);
    for (int i = 0; i < channels.size(); i++) {
      String name = "decoder.up_blocks." + i;
      int out = channels.get(channels.size() - 1 - i);
      WeightSet own = i == 0 ? exact : weights;
      List<KlResnet> resnets = new ArrayList<>();
      for (int j = 0; j < config.resnets() + 1; j++) {
        resnets.add(new KlResnet(own, name + ".resnets." + j, width, out, config.norm()));
        width = out;
      }
      boolean last = i == channels.size() - 1;
      stages.add(
          new Stage(
              resnets,
              last ? List.of() : List.of(new Upsample(own, name + ".upsamplers.0", width))));
    }
    exit = new KlExit(weights, width, config.norm());
  }

  /**
   * @param latents {@code [batch, latent channels, height, width]}
   * @param region places of the latents whose pixels are wanted
   * @param norms of a pass; of another picture where the region is not the whole
   * @return fp32 {@code [batch, 3, region's height * factor, region's width * factor]}
   */
  NDArray forward(NDManager scope, NDArray latents, Region region, DecoderNorms norms) {
    Region all = Region.whole((int) latents.getShape().get(2), (int) latents.getShape().get(3));
    DecoderWindows windows = DecoderWindows.of(region, all, ENLARGEMENT, convolutions());
    MapPart part = new MapPart(middle.forward(scope, entry.forward(scope, latents)), all);
    for (int i = 0; i < stages.size(); i++) {
      part = stage(scope, part, stages.get(i), windows.stages().get(i), norms, i == 0);
    }
    try (NDArray full = part.map()) {
      NDArray picture = exit.forward(scope, full, norms, windows.last().isWhole());
      int factor = 1 << stages.size() - 1;
      return part.of(picture).cut(scope, kernel, region.times(factor)).map();
    }
  }

  /** Computes a resolution, and enlarges what the next one needs. */
  private MapPart stage(
      NDManager scope,
      MapPart before,
      Stage stage,
      DecoderWindows.Stage window,
      DecoderNorms norms,
      boolean lowest) {
    MapPart part = lowest ? before : before.cut(scope, kernel, window.in());
    for (KlResnet resnet : stage.resnets()) {
      try (NDArray x = part.map()) {
        part = part.of(resnet.forward(scope, x, norms, lowest || window.isWhole()));
      }
    }
    part = part.cut(scope, kernel, window.out());
    for (Upsample enlarging : stage.enlarging()) {
      try (NDArray x = part.map()) {
        Region enlarged = part.place().times(ENLARGEMENT);
        part =
            new MapPart(enlarging.forward(scope, x, enlarged.height(), enlarged.width()), enlarged);
      }
    }
    return part;
  }

  private List<Integer> convolutions() {
    return stages.stream().map(stage -> stage.resnets().size() * KlResnet.CONVOLUTIONS).toList();
  }
}
