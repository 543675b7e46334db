package dev.fresco.engine.batch;

import ai.djl.ndarray.NDManager;
import dev.fresco.engine.ControlNet;
import dev.fresco.engine.adapter.LoraComponent;
import dev.fresco.engine.adapter.NetworkLayers;
import dev.fresco.engine.checkpoint.Checkpoint;
import dev.fresco.engine.checkpoint.ComponentFolder;
import dev.fresco.engine.checkpoint.ModelFamily;
import dev.fresco.engine.checkpoint.UNetConfig;
import dev.fresco.engine.kernel.ComputeType;
import dev.fresco.engine.kernel.KernelLibrary;
import dev.fresco.engine.sampler.SamplerSet;
import dev.fresco.engine.sampler.SchedulerConfig;
import dev.fresco.engine.text.CachedPromptEncoder;
import dev.fresco.engine.text.ClipText;
import dev.fresco.engine.text.PromptEncoder;
import dev.fresco.engine.text.SdxlPromptEncoder;
import dev.fresco.engine.text.StableDiffusionPromptEncoder;
import dev.fresco.engine.unet.ControlNetModel;
import dev.fresco.engine.unet.UNet;
import dev.fresco.engine.vae.Autoencoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a checkpoint with a UNet is made of: Stable Diffusion 1, 2 and XL; diffusers' {@code
 * StableDiffusionPipeline} and {@code StableDiffusionXLPipeline} with their forms for pictures to
 * start from and ControlNets.
 *
 * @param texts one or two text encoders
 * @param patches keeps the adapters that are in the UNet's weights
 */
record UNetParts(
    KernelLibrary kernels,
    ComputeType computeType,
    List<ClipText> texts,
    PromptEncoder prompts,
    UNet unet,
    WeightPatches patches,
    Autoencoder autoencoder,
    SamplerSet samplers)
    implements ModelParts {

  /**
   * @param owned takes over all native memory
   * @throws dev.fresco.engine.EngineException naming what is wrong, or which parts do not fit each
   *     other
   */
  static UNetParts load(Checkpoint checkpoint, ModelSettings settings, OwnedParts owned) {
    KernelLibrary kernels = owned.own(KernelLibrary.on(settings.device()));
    ComputeType computeType = ComputeType.parse(settings.computeType(), kernels.onGpu());
    List<ClipText> texts = new ArrayList<>();
    for (int i = 0; i < checkpoint.family().tokenizers().size(); i++) {
      texts.add(
          owned.own(
              ClipText.load(
                  checkpoint.folder(checkpoint.family().tokenizers().get(i)),
                  checkpoint.component(checkpoint.family().networks().get(i)),
                  kernels,
                  computeType)));
    }
    UNet unet = owned.own(UNet.load(checkpoint.component("unet"), kernels, computeType));
    Autoencoder autoencoder =
        owned.own(Autoencoder.load(checkpoint.component("vae"), kernels, computeType));
    requireFit(checkpoint, texts, unet.config(), autoencoder);
    return new UNetParts(
        kernels,
        computeType,
        texts,
        new CachedPromptEncoder(prompts(checkpoint, texts), settings.promptCacheBytes()),
        unet,
        new WeightPatches(unet.weights(), LoraComponent.UNET, kernels),
        autoencoder,
        SamplerSet.of(SchedulerConfig.of(checkpoint.scheduler())));
  }

  private static PromptEncoder prompts(Checkpoint checkpoint, List<ClipText> texts) {
    return checkpoint.family() == ModelFamily.STABLE_DIFFUSION_XL
        ? new SdxlPromptEncoder(
            texts.get(0), texts.get(1), checkpoint.setting("force_zeros_for_empty_prompt", true))
        : new StableDiffusionPromptEncoder(texts.get(0));
  }

  private static void requireFit(
      Checkpoint checkpoint, List<ClipText> texts, UNetConfig unet, Autoencoder autoencoder) {
    EqualSizes.require(
        checkpoint,
        "unet's cross_attention_dim",
        unet.crossAttention().contextChannels(),
        "hidden_size of all text encoders together",
        texts.stream().mapToInt(text -> text.config().widths().channels()).sum());
    EqualSizes.require(
        checkpoint,
        "unet's in_channels",
        unet.ends().inChannels(),
        "vae's latent_channels",
        autoencoder.latentChannels());
    EqualSizes.require(
        checkpoint,
        "unet's in_channels",
        unet.ends().inChannels(),
        "its out_channels",
        unet.ends().outChannels());
    EqualSizes.require(
        checkpoint,
        "unet's channels for pooled text",
        unet.added().textChannels(),
        "projection_dim of text_encoder_2",
        texts.size() < 2 ? 0 : texts.get(1).config().widths().projection());
  }

  @Override
  public ModelBatch.Latents latents() {
    return new ModelBatch.Latents(unet.config().ends().inChannels(), autoencoder.factor(), 1);
  }

  @Override
  public Denoiser denoiser(NDManager manager) {
    return new UNetDenoiser(manager, this);
  }

  @Override
  public ControlNet loadControlNet(Path folder) {
    ControlNetModel network =
        ControlNetModel.load(new ComponentFolder(folder), kernels, computeType);
    try {
      ControlFit.require(folder, network.config(), unet.config(), autoencoder.factor());
      return new LoadedControlNet(folder.toString(), network, kernels);
    } catch (RuntimeException | Error e) {
      network.close();
      throw e;
    }
  }

  @Override
  public Map<LoraComponent, NetworkLayers> adaptableLayers() {
    Map<LoraComponent, NetworkLayers> layers = new EnumMap<>(LoraComponent.class);
    layers.put(LoraComponent.UNET, new NetworkLayers(new TreeMap<>(unet.weights().layers())));
    List<LoraComponent> encoders =
        List.of(LoraComponent.TEXT_ENCODER, LoraComponent.TEXT_ENCODER_2);
    for (int i = 0; i < texts.size(); i++) {
      layers.put(encoders.get(i), new NetworkLayers(texts.get(i).adaptableLayers()));
    }
    return layers;
  }
}
