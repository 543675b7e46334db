package dev.fresco.engine.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.Region;
import dev.fresco.engine.checkpoint.AutoencoderTinyConfig;
import dev.fresco.engine.checkpoint.AutoencoderTinyConfig.Half;
import dev.fresco.engine.checkpoint.WeightSet;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.kernel.KernelWeights;
import java.util.ArrayList;
import java.util.List;

/** diffusers' {@code DecoderTiny}. */
final class TinyDecoder {
  private final Kernel kernel;
  private final Kernel cut;
  private final int enlargement;
  private final List<Integer> convolutions;
  private final KernelWeights entry;
  private final List<Stage> enlarged = new ArrayList<>();
  private final KernelWeights full;
  private final KernelWeights exit;

  private record Stage(KernelWeights blocks, KernelWeights convolution) {}

  TinyDecoder(WeightSet weights, AutoencoderTinyConfig config) {
    Half half = config.decoder();
    TinyLayers layers = new TinyLayers(weights, "decoder");
    kernel = weights.kernel("tiny_autoencoder");
    cut = weights.kernel("autoencoder");
    enlargement = config.enlargement();
    convolutions = half.blocks().stream().map(count -> count * TinyLayers.CONVOLUTIONS).toList();
    entry = layers.convolution(config.latentChannels(), half.channels());
    layers.skip(); // ReLU
    int last = half.blocks().size() - 1;
    for (int count : half.blocks().subList(0, last)) {
      KernelWeights blocks = layers.blocks(count, half.channels());
      layers.skip(); // enlargement
      enlarged.add(new Stage(blocks, layers.filter(half.channels())));
    }
    full = layers.blocks(half.blocks().get(last), half.channels());
    exit = layers.convolution(half.channels(), 3);
  }

  /**
   * @param latents {@code [batch, latent channels, height, width]}
   * @param region places of the latents whose pixels are wanted
   * @return fp32 {@code [batch, 3, region's height * factor, region's width * factor]}, about -1..1
   */
  NDArray forward(NDManager scope, NDArray latents, Region region) {
    Region all = Region.whole((int) latents.getShape().get(2), (int) latents.getShape().get(3));
    DecoderWindows windows = DecoderWindows.of(region, all, enlargement, convolutions);
    MapPart part =
        new MapPart(kernel.call("latents").tensor(latents).weights(entry).run(scope), all);
    for (int i = 0; i < enlarged.size(); i++) {
      part = part.cut(scope, cut, windows.stages().get(i).in());
      part = up(scope, part, enlarged.get(i));
    }
    part = part.cut(scope, cut, windows.last().in());
    int factor = windows.last().map().height() / all.height();
    try (NDArray low = part.map();
        NDArray same = kernel.call("same").tensor(low).weights(full).run(scope);
        NDArray unit = kernel.call("exit").tensor(same).weights(exit).run(scope)) {
      NDArray picture = kernel.call("centred").tensor(unit).run(scope);
      return part.of(picture).cut(scope, cut, region.times(factor)).map();
    }
  }

  private MapPart up(NDManager scope, MapPart part, Stage stage) {
    try (NDArray before = part.map()) {
      NDArray map =
          kernel
              .call("up")
              .tensor(before)
              .weights(stage.blocks())
              .weights(stage.convolution())
              .integer(enlargement)
              .run(scope);
      return new MapPart(map, part.place().times(enlargement));
    }
  }
}
