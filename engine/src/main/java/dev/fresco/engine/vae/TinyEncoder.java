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

/** diffusers' {@code EncoderTiny}. */
final class TinyEncoder {
  private final Kernel kernel;
  private final KernelWeights entry;
  private final KernelWeights full;
  private final List<Stage> halved = new ArrayList<>();
  private final KernelWeights exit;

  private record Stage(KernelWeights halving, KernelWeights blocks) {}

  TinyEncoder(WeightSet weights, AutoencoderTinyConfig config) {
    Half half = config.encoder();
    TinyLayers layers = new TinyLayers(weights, "encoder");
    kernel = weights.kernel("tiny_autoencoder");
    entry = layers.convolution(3, half.channels());
    full = layers.blocks(half.blocks().get(0), half.channels());
    for (int count : half.blocks().subList(1, half.blocks().size())) {
      halved.add(new Stage(layers.filter(half.channels()), layers.blocks(count, half.channels())));
    }
    exit = layers.convolution(half.channels(), config.latentChannels());
  }

  /**
   * @param pixels {@code [batch, 3, height, width]} in -1..1
   * @return fp32 {@code [batch, latent channels, height / factor, width / factor]}
   */
  NDArray forward(NDManager scope, NDArray pixels) {
    NDArray map;
    try (NDArray first = kernel.call("pixels").tensor(pixels).weights(entry).run(scope)) {
      map = kernel.call("same").tensor(first).weights(full).run(scope);
    }
    for (Stage stage : halved) {
      try (NDArray before = map) {
        map =
            kernel
                .call("down")
                .tensor(before)
                .weights(stage.halving())
                .weights(stage.blocks())
                .run(scope);
      }
    }
    try (NDArray last = map) {
      return kernel.call("exit").tensor(last).weights(exit).run(scope);
    }
  }
}
