package dev.fresco.engine.batch;

import ai.djl.ndarray.NDManager;
import dev.fresco.contracts.worker.ModelCard;
import dev.fresco.engine.Conditioning;
import dev.fresco.engine.ControlNet;
import dev.fresco.engine.DiffusionModel;
import dev.fresco.engine.EngineException;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.Picture;
import dev.fresco.engine.Prompt;
import dev.fresco.engine.StartLatents;
import dev.fresco.engine.TextStates;
import dev.fresco.engine.checkpoint.ComponentFolder;
import dev.fresco.engine.checkpoint.ControlNetConfig;
import dev.fresco.engine.checkpoint.ModelDirectory;
import dev.fresco.engine.checkpoint.UNetConfig;
import dev.fresco.engine.kernel.ComputeType;
import dev.fresco.engine.kernel.KernelClock;
import dev.fresco.engine.kernel.KernelLibrary;
import dev.fresco.engine.sampler.SamplerSet;
import dev.fresco.engine.sampler.SchedulerConfig;
import dev.fresco.engine.text.ClipTextEncoder;
import dev.fresco.engine.text.tokenizer.ClipTokenizer;
import dev.fresco.engine.text.tokenizer.PaddedTokens;
import dev.fresco.engine.unet.ControlNetModel;
import dev.fresco.engine.unet.UNet;
import dev.fresco.engine.vae.Autoencoder;
import java.nio.file.Path;
import java.util.Arrays;

/** Stable Diffusion 1 and 2; diffusers' {@code StableDiffusionPipeline}. */
public final class StableDiffusionModel implements DiffusionModel {
  /** Of a UNet configuration that does not say; diffusers' pipeline takes the same. */
  private static final int DEFAULT_SAMPLE_SIZE = 64;

  private final OwnedParts owned;
  private final KernelLibrary kernels;
  private final Parts parts;
  private final SamplerSet samplers;
  private final ComputeType computeType;
  private final PictureCodec codec;
  private final ModelCard card;

  /** The networks and the tokenizer of a checkpoint. */
  private record Parts(
      ClipTokenizer tokenizer, ClipTextEncoder encoder, UNet unet, Autoencoder autoencoder) {}

  private StableDiffusionModel(
      OwnedParts owned,
      KernelLibrary kernels,
      ComputeType computeType,
      Parts parts,
      SamplerSet samplers,
      ModelCard card) {
    this.owned = owned;
    this.kernels = kernels;
    this.parts = parts;
    this.samplers = samplers;
    this.computeType = computeType;
    this.codec = new PictureCodec(kernels, parts.autoencoder());
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
      SamplerSet samplers =
          SamplerSet.of(
              SchedulerConfig.read(directory.folder("scheduler").resolve("scheduler_config.json")));
      ModelCard card =
          StableDiffusionCard.of(
              directory,
              settings,
              parts.unet().config(),
              directory.component("unet").config().largest("sample_size", DEFAULT_SAMPLE_SIZE),
              parts.autoencoder().factor(),
              parts.encoder().config().positions(),
              samplers);
      return new StableDiffusionModel(owned, kernels, computeType, parts, samplers, card);
    } catch (RuntimeException e) {
      owned.close();
      throw e;
    }
  }

  private static Parts parts(
      ModelDirectory directory, KernelLibrary kernels, ComputeType computeType, OwnedParts owned) {
    ClipTextEncoder encoder =
        owned.own(ClipTextEncoder.load(directory.component("text_encoder"), kernels, computeType));
    ClipTokenizer tokenizer =
        owned.own(ClipTokenizer.load(directory.folder("tokenizer"), encoder.config().positions()));
    UNet unet = owned.own(UNet.load(directory.component("unet"), kernels, computeType));
    Autoencoder autoencoder =
        owned.own(Autoencoder.load(directory.component("vae"), kernels, computeType));
    requireEqual(
        directory,
        "unet's cross_attention_dim",
        unet.config().crossAttention().contextChannels(),
        "text_encoder's hidden_size",
        encoder.config().widths().channels());
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
    return new Parts(tokenizer, encoder, unet, autoencoder);
  }

  private static void requireEqual(
      ModelDirectory directory, String name, int value, String otherName, int other) {
    if (value != other) {
      throw new EngineException(
          "%s: %s is %d, but %s is %d".formatted(directory.path(), name, value, otherName, other));
    }
  }

  @Override
  public ModelCard card() {
    return card;
  }

  @Override
  public Conditioning encode(Prompt prompt) {
    PaddedTokens positive = parts.tokenizer().encodePadded(prompt.text());
    PaddedTokens negative = parts.tokenizer().encodePadded(prompt.negative());
    return new Conditioning(
        encode(positive), encode(negative), positive.truncated() || negative.truncated());
  }

  private TextStates encode(PaddedTokens tokens) {
    int[] ids = Arrays.stream(tokens.ids()).mapToInt(Math::toIntExact).toArray();
    return new TextStates(parts.encoder().encode(ids), null);
  }

  @Override
  public StartLatents encodePicture(Picture picture, double strength) {
    return codec.encode(picture, strength);
  }

  @Override
  public ControlNet loadControlNet(Path folder) {
    ControlNetModel network =
        ControlNetModel.load(new ComponentFolder(folder), kernels, computeType);
    try {
      requireFit(folder, network.config());
      return new LoadedControlNet(folder.toString(), network, kernels.kernel("denoise"));
    } catch (RuntimeException e) {
      network.close();
      throw e;
    }
  }

  /** Its skips must be the UNet's, and it must be asked in the same way. */
  private void requireFit(Path folder, ControlNetConfig control) {
    UNetConfig own = parts.unet().config();
    if (!control.encoder().stages().down().equals(own.stages().down())
        || control.encoder().crossAttention().contextChannels()
            != own.crossAttention().contextChannels()
        || !control.encoder().added().equals(own.added())) {
      throw new EngineException(
          "%s: is for another model: its stages %s, context %d; this model's are %s, %d"
              .formatted(
                  folder,
                  control.encoder().stages().down(),
                  control.encoder().crossAttention().contextChannels(),
                  own.stages().down(),
                  own.crossAttention().contextChannels()));
    }
    if (control.factor() != codec.autoencoder().factor()) {
      throw new EngineException(
          "%s: conditioning_embedding_out_channels bring %d pixels to a place; the model's places have %d"
              .formatted(folder, control.factor(), codec.autoencoder().factor()));
    }
  }

  @Override
  public <K> ModelBatch<K> newBatch() {
    NDManager manager = kernels.manager().newSubManager();
    return new ModelBatch<>(
        manager,
        new UNetDenoiser(
            manager, parts.unet(), kernels.kernel("denoise"), kernels.kernel("control")),
        kernels.kernel("denoise"),
        samplers,
        new ModelBatch.Latents(
            parts.unet().config().ends().inChannels(), codec.autoencoder().factor(), 1));
  }

  @Override
  public Picture decode(HostTensor latents) {
    return codec.decode(latents);
  }

  /**
   * The picture of {@link #decode} before it is rounded to bytes, for comparing numbers.
   *
   * @return {@code [3, height, width]} in 0..1
   */
  public HostTensor decodeUnrounded(HostTensor latents) {
    return codec.decodeUnrounded(latents);
  }

  @Override
  public Picture preview(HostTensor latents) {
    return codec.preview(latents);
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
