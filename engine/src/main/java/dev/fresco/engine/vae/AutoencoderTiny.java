package dev.fresco.engine.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.DecoderStatistics;
import dev.fresco.engine.Region;
import dev.fresco.engine.checkpoint.AutoencoderTinyConfig;
import dev.fresco.engine.checkpoint.Component;
import dev.fresco.engine.checkpoint.KeyNames;
import dev.fresco.engine.checkpoint.LatentScale;
import dev.fresco.engine.checkpoint.WeightSet;
import dev.fresco.engine.kernel.ComputeType;
import dev.fresco.engine.kernel.KernelLibrary;
import java.util.Optional;

/**
 * The small autoencoder of Ollin Boer Bohan's TAESD; diffusers' {@code AutoencoderTiny}. Its
 * encoder gives latents, not a distribution.
 */
public final class AutoencoderTiny implements Autoencoder {
  private final AutoencoderTinyConfig config;
  private final WeightSet weights;
  private final TinyEncoder encoder;
  private final TinyDecoder decoder;

  private AutoencoderTiny(AutoencoderTinyConfig config, WeightSet weights) {
    this.config = config;
    this.weights = weights;
    this.encoder = new TinyEncoder(weights, config);
    this.decoder = new TinyDecoder(weights, config);
  }

  /**
   * Loads a checkpoint's autoencoder.
   *
   * @throws dev.fresco.engine.EngineException naming what is wrong with the folder and where
   */
  public static AutoencoderTiny load(
      Component component, KernelLibrary kernels, ComputeType computeType) {
    AutoencoderTinyConfig config =
        AutoencoderTinyConfig.read(component.configOf("AutoencoderTiny"));
    return WeightSet.load(
        component.weights(),
        KeyNames.AS_STORED,
        kernels,
        computeType,
        weights -> new AutoencoderTiny(config, weights));
  }

  @Override
  public NDArray decode(NDManager scope, NDArray latents) {
    Region whole = Region.whole((int) latents.getShape().get(2), (int) latents.getShape().get(3));
    return decodeRegion(scope, latents, whole, DecoderStatistics.none());
  }

  @Override
  public NDArray decodeRegion(
      NDManager scope, NDArray latents, Region region, DecoderStatistics recorded) {
    try (NDManager inner = scope.newSubManager()) {
      NDArray picture = decoder.forward(inner, latents, region);
      picture.attach(scope);
      return picture;
    }
  }

  @Override
  public DecoderStatistics statistics(NDManager scope, NDArray latents) {
    return DecoderStatistics.none();
  }

  @Override
  public Encoding encode(NDManager scope, NDArray pixels) {
    try (NDManager inner = scope.newSubManager()) {
      NDArray latents = encoder.forward(inner, pixels);
      latents.attach(scope);
      return new Encoding(latents, Optional.empty());
    }
  }

  @Override
  public LatentScale scale() {
    return config.scale();
  }

  @Override
  public int latentChannels() {
    return config.latentChannels();
  }

  @Override
  public int factor() {
    int factor = 1;
    for (int i = 1; i < config.decoder().blocks().size(); i++) {
      factor *= config.enlargement();
    }
    return factor;
  }

  @Override
  public void close() {
    weights.close();
  }
}
