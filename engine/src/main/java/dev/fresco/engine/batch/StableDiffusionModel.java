package dev.fresco.engine.batch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.fresco.contracts.worker.ModelCard;
import dev.fresco.engine.Conditioning;
import dev.fresco.engine.DiffusionModel;
import dev.fresco.engine.EngineException;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.NotFiniteException;
import dev.fresco.engine.Picture;
import dev.fresco.engine.Prompt;
import dev.fresco.engine.checkpoint.ModelDirectory;
import dev.fresco.engine.kernel.ComputeType;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.kernel.KernelClock;
import dev.fresco.engine.kernel.KernelLibrary;
import dev.fresco.engine.sampler.Sampler;
import dev.fresco.engine.sampler.Samplers;
import dev.fresco.engine.sampler.SchedulerConfig;
import dev.fresco.engine.text.ClipText;
import dev.fresco.engine.text.PromptEncoder;
import dev.fresco.engine.text.StableDiffusionPromptEncoder;
import dev.fresco.engine.unet.UNet;
import dev.fresco.engine.vae.Autoencoder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Stable Diffusion 1 and 2; diffusers' {@code StableDiffusionPipeline}. */
public final class StableDiffusionModel implements DiffusionModel {
  /** Of a UNet configuration that does not say; diffusers' pipeline takes the same. */
  private static final int DEFAULT_SAMPLE_SIZE = 64;

  private final OwnedParts owned;
  private final KernelLibrary kernels;
  private final Parts parts;
  private final PromptEncoder prompts;
  private final Map<String, Sampler> samplers;
  private final Kernel denoise;
  private final LatentPreview preview;
  private final ModelCard card;

  /** The networks of a checkpoint. */
  private record Parts(ClipText text, UNet unet, Autoencoder autoencoder) {}

  private StableDiffusionModel(
      OwnedParts owned,
      KernelLibrary kernels,
      Parts parts,
      Map<String, Sampler> samplers,
      ModelCard card) {
    this.owned = owned;
    this.kernels = kernels;
    this.parts = parts;
    this.prompts = new StableDiffusionPromptEncoder(parts.text());
    this.samplers = samplers;
    this.denoise = kernels.kernel("denoise");
    this.preview = LatentPreview.fit(kernels.manager(), parts.autoencoder());
    this.card = card;
  }

  /**
   * Loads a checkpoint in the diffusers layout.
   *
   * @throws EngineException naming what is wrong with the checkpoint and where; nothing stays
   *     allocated
   */
  public static StableDiffusionModel load(Path folder, ModelSettings settings) {
    ModelDirectory directory = ModelDirectory.open(folder);
    OwnedParts owned = new OwnedParts();
    try {
      KernelLibrary kernels = owned.own(KernelLibrary.on(settings.device()));
      ComputeType computeType = ComputeType.parse(settings.computeType(), kernels.onGpu());
      Parts parts = parts(directory, kernels, computeType, owned);
      Map<String, Sampler> samplers = samplers(directory);
      ModelCard card =
          StableDiffusionCard.of(
              directory,
              settings,
              parts.unet().config(),
              directory.component("unet").config().largest("sample_size", DEFAULT_SAMPLE_SIZE),
              parts.autoencoder().factor(),
              parts.text().config().positions(),
              samplers.keySet());
      return new StableDiffusionModel(owned, kernels, parts, samplers, card);
    } catch (RuntimeException e) {
      owned.close();
      throw e;
    }
  }

  private static Parts parts(
      ModelDirectory directory, KernelLibrary kernels, ComputeType computeType, OwnedParts owned) {
    ClipText text =
        owned.own(
            ClipText.load(
                directory.folder("tokenizer"),
                directory.component("text_encoder"),
                kernels,
                computeType));
    UNet unet = owned.own(UNet.load(directory.component("unet"), kernels, computeType));
    Autoencoder autoencoder =
        owned.own(Autoencoder.load(directory.component("vae"), kernels, computeType));
    requireEqual(
        directory,
        "unet's cross_attention_dim",
        unet.config().crossAttention().contextChannels(),
        "text_encoder's hidden_size",
        text.config().widths().channels());
    requireEqual(
        directory,
        "unet's in_channels",
        unet.config().ends().inChannels(),
        "vae's latent_channels",
        autoencoder.latentChannels());
    requireEqual(
        directory,
        "unet's in_channels",
        unet.config().ends().inChannels(),
        "its out_channels",
        unet.config().ends().outChannels());
    return new Parts(text, unet, autoencoder);
  }

  private static void requireEqual(
      ModelDirectory directory, String name, int value, String otherName, int other) {
    if (value != other) {
      throw new EngineException(
          "%s: %s is %d, but %s is %d".formatted(directory.path(), name, value, otherName, other));
    }
  }

  /** Those that the checkpoint's scheduler configuration allows. */
  private static Map<String, Sampler> samplers(ModelDirectory directory) {
    SchedulerConfig config =
        SchedulerConfig.read(directory.folder("scheduler").resolve("scheduler_config.json"));
    Map<String, Sampler> samplers = new LinkedHashMap<>();
    EngineException refusal = null;
    for (String name : Samplers.names()) {
      try {
        samplers.put(name, Samplers.named(name).from(config));
      } catch (EngineException e) {
        refusal = e;
      }
    }
    if (samplers.isEmpty()) {
      throw refusal;
    }
    return samplers;
  }

  @Override
  public ModelCard card() {
    return card;
  }

  @Override
  public Conditioning encode(Prompt prompt) {
    return prompts.encode(prompt, List.of());
  }

  @Override
  public <K> UNetBatch<K> newBatch() {
    return new UNetBatch<>(
        kernels.manager().newSubManager(),
        parts.unet(),
        denoise,
        samplers,
        parts.autoencoder().factor());
  }

  @Override
  public Picture decode(HostTensor latents) {
    try (NDManager scope = kernels.manager().newSubManager()) {
      return picture(denoise.call("pixels").tensor(unit(scope, latents)).run(scope));
    }
  }

  /**
   * The picture of {@link #decode} before it is rounded to bytes, for comparing numbers.
   *
   * @return {@code [3, height, width]} in 0..1
   */
  public HostTensor decodeUnrounded(HostTensor latents) {
    try (NDManager scope = kernels.manager().newSubManager()) {
      NDArray unit = unit(scope, latents);
      long[] shape = unit.getShape().getShape();
      return HostTensor.of(unit.toFloatArray(), shape[1], shape[2], shape[3]);
    }
  }

  /** {@code [1, 3, height, width]} in 0..1. */
  private NDArray unit(NDManager scope, HostTensor latents) {
    long[] shape = latents.shape();
    NDArray network = scope.create(latents.data(), new Shape(1, shape[0], shape[1], shape[2]));
    Autoencoder autoencoder = parts.autoencoder();
    NDArray own = network.div(autoencoder.scalingFactor()).add(autoencoder.shiftFactor());
    return denoise.call("unit").tensor(autoencoder.decode(scope, own)).run(scope);
  }

  /**
   * @param pixels fp32 {@code [height, width, 3]}, whole numbers of 0 to 255
   */
  private static Picture picture(NDArray pixels) {
    float[] values = pixels.toFloatArray();
    byte[] rgb = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      if (Float.isNaN(values[i])) {
        throw new NotFiniteException("the autoencoder's picture is not finite");
      }
      rgb[i] = (byte) values[i];
    }
    return new Picture((int) pixels.getShape().get(1), (int) pixels.getShape().get(0), rgb);
  }

  @Override
  public Picture preview(HostTensor latents) {
    return preview.paint(latents);
  }

  /** Over all kernels of this model. */
  public KernelClock clock() {
    return kernels.clock();
  }

  @Override
  public void close() {
    owned.close();
  }
}
