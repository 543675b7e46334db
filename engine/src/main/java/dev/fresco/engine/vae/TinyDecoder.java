package dev.fresco.engine.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
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
  private final int enlargement;
  private final KernelWeights entry;
  private final List<Stage> enlarged = new ArrayList<>();
  private final KernelWeights full;
  private final KernelWeights exit;

  private record Stage(KernelWeights blocks, KernelWeights convolution) {}

  TinyDecoder(WeightSet weights, AutoencoderTinyConfig config) {
    Half half = config.decoder();
    TinyLayers layers = new TinyLayers(weights, "decoder");
    kernel = weights.kernel("tiny_autoencoder");
    enlargement = config.enlargement();
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
   * @return fp32 {@code [batch, 3, height * factor, width * factor]}, about -1..1
   */
  NDArray forward(NDManager scope, NDArray latents) {
    NDArray map = kernel.call("latents").tensor(latents).weights(entry).run(scope);
    for (Stage stage : enlarged) {
      try (NDArray before = map) {
        map =
            kernel
                .call("up")
                .tensor(before)
                .weights(stage.blocks())
                .weights(stage.convolution())
                .integer(enlargement)
                .run(scope);
      }
    }
    try (NDArray low = map;
        NDArray same = kernel.call("same").tensor(low).weights(full).run(scope);
        NDArray unit = kernel.call("exit").tensor(same).weights(exit).run(scope)) {
      return kernel.call("centred").tensor(unit).run(scope);
    }
  }
}
