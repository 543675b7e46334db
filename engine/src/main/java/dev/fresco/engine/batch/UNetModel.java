package dev.fresco.engine.batch;

import ai.djl.ndarray.NDManager;
import dev.fresco.contracts.worker.ModelCard;
import dev.fresco.engine.Adapter;
import dev.fresco.engine.AdapterUse;
import dev.fresco.engine.Conditioning;
import dev.fresco.engine.ControlNet;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.Picture;
import dev.fresco.engine.Prompt;
import dev.fresco.engine.StartLatents;
import dev.fresco.engine.adapter.LoraReader;
import dev.fresco.engine.checkpoint.Checkpoint;
import dev.fresco.engine.checkpoint.ComponentFolder;
import dev.fresco.engine.kernel.KernelClock;
import dev.fresco.engine.unet.ControlNetModel;
import java.nio.file.Path;
import java.util.List;

/**
 * Stable Diffusion 1, 2 and XL; diffusers' {@code StableDiffusionPipeline} and {@code
 * StableDiffusionXLPipeline} with their forms for pictures to start from and ControlNets.
 */
final class UNetModel implements LocalModel {
  private final OwnedParts owned;
  private final UNetParts parts;
  private final PictureCodec codec;
  private final LoraReader adapters;
  private final ModelCard card;

  private UNetModel(OwnedParts owned, UNetParts parts, ModelCard card) {
    this.owned = owned;
    this.parts = parts;
    this.codec = new PictureCodec(parts.kernels(), parts.autoencoder());
    this.adapters = new LoraReader(parts.adaptableLayers());
    this.card = card;
  }

  /**
   * Loads a checkpoint.
   *
   * @throws dev.fresco.engine.EngineException naming what is wrong with it and where; nothing stays
   *     allocated
   */
  static UNetModel load(Checkpoint checkpoint, ModelSettings settings) {
    OwnedParts owned = new OwnedParts();
    try {
      UNetParts parts = UNetParts.load(checkpoint, settings, owned);
      return new UNetModel(owned, parts, StableDiffusionCard.of(checkpoint, settings, parts));
    } catch (RuntimeException e) {
      owned.close();
      throw e;
    }
  }

  @Override
  public ModelCard card() {
    return card;
  }

  @Override
  public Conditioning encode(Prompt prompt, List<AdapterUse> uses) {
    return parts.prompts().encode(prompt, LoadedAdapter.texts(uses, parts.kernels()));
  }

  @Override
  public StartLatents encodePicture(Picture picture, double strength) {
    return codec.encode(picture, strength);
  }

  @Override
  public Adapter loadAdapter(Path file) {
    return LoadedAdapter.of(parts.kernels(), adapters.read(file));
  }

  @Override
  public ControlNet loadControlNet(Path folder) {
    ControlNetModel network =
        ControlNetModel.load(new ComponentFolder(folder), parts.kernels(), parts.computeType());
    try {
      ControlFit.require(
          folder, network.config(), parts.unet().config(), parts.autoencoder().factor());
      return new LoadedControlNet(folder.toString(), network, parts.kernels());
    } catch (RuntimeException e) {
      network.close();
      throw e;
    }
  }

  @Override
  public <K> ModelBatch<K> newBatch() {
    NDManager manager = parts.kernels().manager().newSubManager();
    return new ModelBatch<>(
        manager,
        new UNetDenoiser(manager, parts),
        parts.kernels(),
        parts.samplers(),
        new ModelBatch.Latents(
            parts.unet().config().ends().inChannels(), parts.autoencoder().factor(), 1));
  }

  @Override
  public Picture decode(HostTensor latents) {
    return codec.decode(latents);
  }

  @Override
  public HostTensor decodeUnrounded(HostTensor latents) {
    return codec.decodeUnrounded(latents);
  }

  @Override
  public Picture preview(HostTensor latents) {
    return codec.preview(latents);
  }

  @Override
  public KernelClock clock() {
    return parts.kernels().clock();
  }

  @Override
  public void close() {
    owned.close();
  }
}
