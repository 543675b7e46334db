package dev.fresco.engine.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.DecoderStatistics;
import dev.fresco.engine.Region;
import dev.fresco.engine.checkpoint.AutoencoderKlConfig;
import dev.fresco.engine.checkpoint.Component;
import dev.fresco.engine.checkpoint.KeyNames;
import dev.fresco.engine.checkpoint.LatentScale;
import dev.fresco.engine.checkpoint.WeightSet;
import dev.fresco.engine.checkpoint.WeightSet.Layout;
import dev.fresco.engine.checkpoint.WeightShapes;
import dev.fresco.engine.kernel.ComputeType;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.kernel.KernelLibrary;
import dev.fresco.engine.kernel.KernelWeights;
import java.util.Optional;

/** The autoencoder of Stable Diffusion; diffusers' {@code AutoencoderKL}. */
public final class AutoencoderKl implements Autoencoder {
  private final AutoencoderKlConfig config;
  private final WeightSet weights;
  private final Kernel kernel;
  private final KlEncoder encoder;
  private final Optional<KernelWeights> quant;
  private final Optional<KernelWeights> postQuant;
  private final KlDecoder decoder;

  private AutoencoderKl(AutoencoderKlConfig config, WeightSet weights) {
    this.config = config;
    this.weights = weights;
    int channels = config.latentChannels();
    kernel = weights.kernel("autoencoder");
    encoder = new KlEncoder(weights, config);
    quant = pointwise("quant_conv", 2 * channels, config.parts().quantConvolution());
    postQuant = pointwise("post_quant_conv", channels, config.parts().postQuantConvolution());
    decoder = new KlDecoder(weights, config);
  }

  /**
   * Loads a checkpoint's autoencoder.
   *
   * @throws dev.fresco.engine.EngineException naming what is wrong with the folder and where
   */
  public static AutoencoderKl load(
      Component component, KernelLibrary kernels, ComputeType computeType) {
    AutoencoderKlConfig config = AutoencoderKlConfig.read(component.configOf("AutoencoderKL"));
    return WeightSet.load(
        component.weights(),
        KeyNames.AUTOENCODER,
        new WeightSet.Target(kernels, computeType, Layout.PACKED),
        weights -> new AutoencoderKl(config, weights));
  }

  @Override
  public NDArray decode(NDManager scope, NDArray latents) {
    return decode(scope, latents, whole(latents), DecoderNorms.own());
  }

  @Override
  public NDArray decodeRegion(
      NDManager scope, NDArray latents, Region region, DecoderStatistics recorded) {
    return decode(scope, latents, region, DecoderNorms.given(recorded));
  }

  @Override
  public DecoderStatistics statistics(NDManager scope, NDArray latents) {
    DecoderNorms norms = DecoderNorms.recorded();
    decode(scope, latents, whole(latents), norms).close();
    return norms.statistics();
  }

  private NDArray decode(NDManager scope, NDArray latents, Region region, DecoderNorms norms) {
    try (NDManager inner = scope.newSubManager()) {
      NDArray picture = decoder.forward(inner, through(postQuant, inner, latents), region, norms);
      picture.attach(scope);
      return picture;
    }
  }

  private static Region whole(NDArray latents) {
    return Region.whole((int) latents.getShape().get(2), (int) latents.getShape().get(3));
  }

  @Override
  public Encoding encode(NDManager scope, NDArray pixels) {
    try (NDManager inner = scope.newSubManager()) {
      NDArray both = through(quant, inner, encoder.forward(inner, pixels));
      NDArray[] moments = kernel.call("moments").tensor(both).runForList(scope);
      return new Encoding(moments[0], Optional.of(moments[1]));
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
    return 1 << config.channels().size() - 1;
  }

  @Override
  public void close() {
    weights.close();
  }

  private NDArray through(Optional<KernelWeights> convolution, NDManager scope, NDArray x) {
    return convolution
        .map(found -> kernel.call("pointwise").tensor(x).weights(found).run(scope))
        .orElse(x);
  }

  private Optional<KernelWeights> pointwise(String name, int channels, boolean present) {
    return present
        ? Optional.of(weights.part(name, new WeightShapes().convolution("", channels, channels, 1)))
        : Optional.empty();
  }
}
