package dev.fresco.engine.batch;

import ai.djl.ndarray.NDManager;
import dev.fresco.engine.ControlNet;
import dev.fresco.engine.EngineException;
import dev.fresco.engine.adapter.LoraComponent;
import dev.fresco.engine.adapter.NetworkLayers;
import dev.fresco.engine.checkpoint.Checkpoint;
import dev.fresco.engine.checkpoint.FluxTransformerConfig;
import dev.fresco.engine.dit.FluxTransformer;
import dev.fresco.engine.kernel.ComputeType;
import dev.fresco.engine.kernel.KernelLibrary;
import dev.fresco.engine.sampler.SamplerSet;
import dev.fresco.engine.sampler.SchedulerConfig;
import dev.fresco.engine.text.CachedPromptEncoder;
import dev.fresco.engine.text.ClipText;
import dev.fresco.engine.text.FluxPromptEncoder;
import dev.fresco.engine.text.PromptEncoder;
import dev.fresco.engine.text.T5Text;
import dev.fresco.engine.vae.Autoencoder;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a Flux checkpoint is made of; diffusers' {@code FluxPipeline} and {@code
 * FluxImg2ImgPipeline}.
 *
 * @param patches keeps the adapters that are in the transformer's weights
 */
record FluxParts(
    KernelLibrary kernels,
    ComputeType computeType,
    Texts texts,
    PromptEncoder prompts,
    FluxTransformer transformer,
    WeightPatches patches,
    Autoencoder autoencoder,
    SamplerSet samplers)
    implements ModelParts {

  /** Latent places on a side that the network takes as one token. */
  static final int PATCH = 2;

  /** Words that the pipeline reads at most, unless the tokenizer's own limit is less. */
  private static final int MOST_WORDS = 512;

  /** The two text encoders. */
  record Texts(ClipText clip, T5Text t5) {}

  /**
   * @param owned takes over all native memory
   * @throws EngineException naming what is wrong, or which parts do not fit each other
   */
  static FluxParts load(Checkpoint checkpoint, ModelSettings settings, OwnedParts owned) {
    KernelLibrary kernels = owned.own(KernelLibrary.on(settings.device()));
    ComputeType computeType = ComputeType.parse(settings.computeType(), kernels.onGpu());
    Texts texts = texts(checkpoint, kernels, computeType, owned);
    FluxTransformer transformer =
        owned.own(FluxTransformer.load(checkpoint.component("transformer"), kernels, computeType));
    Autoencoder autoencoder =
        owned.own(Autoencoder.load(checkpoint.component("vae"), kernels, computeType));
    requireFit(checkpoint, texts, transformer.config(), autoencoder);
    return new FluxParts(
        kernels,
        computeType,
        texts,
        new CachedPromptEncoder(
            new FluxPromptEncoder(texts.clip(), texts.t5()), settings.promptCacheBytes()),
        transformer,
        new WeightPatches(transformer.weights(), LoraComponent.TRANSFORMER, kernels),
        autoencoder,
        SamplerSet.of(SchedulerConfig.of(checkpoint.scheduler())));
  }

  private static Texts texts(
      Checkpoint checkpoint, KernelLibrary kernels, ComputeType computeType, OwnedParts owned) {
    ClipText clip =
        owned.own(
            ClipText.load(
                checkpoint.folder("tokenizer"),
                checkpoint.component("text_encoder"),
                kernels,
                computeType));
    T5Text t5 =
        owned.own(
            T5Text.load(
                checkpoint.folder("tokenizer_2"),
                MOST_WORDS,
                checkpoint.component("text_encoder_2"),
                kernels,
                computeType));
    return new Texts(clip, t5);
  }

  private static void requireFit(
      Checkpoint checkpoint,
      Texts texts,
      FluxTransformerConfig transformer,
      Autoencoder autoencoder) {
    EqualSizes.require(
        checkpoint,
        "transformer's joint_attention_dim",
        transformer.conditions().wordChannels(),
        "d_model of text_encoder_2",
        texts.t5().config().widths().channels());
    EqualSizes.require(
        checkpoint,
        "transformer's pooled_projection_dim",
        transformer.conditions().pooledChannels(),
        "hidden_size of text_encoder",
        texts.clip().config().widths().channels());
    EqualSizes.require(
        checkpoint,
        "transformer's in_channels",
        transformer.ends().inChannels(),
        "four times vae's latent_channels",
        PATCH * PATCH * autoencoder.latentChannels());
    EqualSizes.require(
        checkpoint,
        "transformer's in_channels",
        transformer.ends().inChannels(),
        "its out_channels",
        transformer.ends().outChannels());
  }

  @Override
  public ModelBatch.Latents latents() {
    return new ModelBatch.Latents(autoencoder.latentChannels(), autoencoder.factor(), PATCH);
  }

  @Override
  public Denoiser denoiser(NDManager manager) {
    return new FluxDenoiser(manager, this);
  }

  @Override
  public Map<LoraComponent, NetworkLayers> adaptableLayers() {
    return Map.of(
        LoraComponent.TRANSFORMER,
        new NetworkLayers(new TreeMap<>(transformer.weights().layers())),
        LoraComponent.TEXT_ENCODER,
        new NetworkLayers(texts.clip().adaptableLayers()));
  }

  @Override
  public ControlNet loadControlNet(Path folder) {
    throw new EngineException(folder + ": ControlNets are not supported for Flux");
  }
}
