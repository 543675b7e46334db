package dev.fresco.engine.batch;

import ai.djl.ndarray.NDManager;
import dev.fresco.contracts.worker.ModelCard;
import dev.fresco.engine.Adapter;
import dev.fresco.engine.AdapterUse;
import dev.fresco.engine.Conditioning;
import dev.fresco.engine.ControlNet;
import dev.fresco.engine.DecoderStatistics;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.Picture;
import dev.fresco.engine.PictureRegion;
import dev.fresco.engine.Prompt;
import dev.fresco.engine.Region;
import dev.fresco.engine.StartLatents;
import dev.fresco.engine.adapter.LoraReader;
import dev.fresco.engine.checkpoint.Checkpoint;
import dev.fresco.engine.kernel.KernelClock;
import dev.fresco.engine.kernel.NativeFailure;
import dev.fresco.engine.kernel.SmallPages;
import java.nio.file.Path;
import java.util.List;

/** A loaded checkpoint of any family. */
final class CheckpointModel implements LocalModel {
  private final OwnedParts owned;
  private final ModelParts parts;
  private final PictureCodec codec;
  private final LoraReader adapters;
  private final ModelCard card;

  private CheckpointModel(OwnedParts owned, ModelParts parts, ModelCard card) {
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
  static CheckpointModel load(Checkpoint checkpoint, ModelSettings settings) {
    OwnedParts owned = new OwnedParts();
    try {
      return NativeFailure.during(
          "loading " + checkpoint.path(),
          () -> SmallPages.during(() -> load(checkpoint, settings, owned)));
    } catch (RuntimeException | Error e) {
      owned.close();
      throw e;
    }
  }

  private static CheckpointModel load(
      Checkpoint checkpoint, ModelSettings settings, OwnedParts owned) {
    return switch (checkpoint.family()) {
      case STABLE_DIFFUSION, STABLE_DIFFUSION_XL -> {
        UNetParts parts = UNetParts.load(checkpoint, settings, owned);
        ModelCard card = StableDiffusionCard.of(checkpoint, settings, parts);
        yield new CheckpointModel(owned, parts, card);
      }
      case FLUX -> {
        FluxParts parts = FluxParts.load(checkpoint, settings, owned);
        yield new CheckpointModel(owned, parts, FluxCard.of(checkpoint, settings, parts));
      }
    };
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
    return NativeFailure.during("loading " + folder, () -> parts.loadControlNet(folder));
  }

  @Override
  public <K> ModelBatch<K> newBatch() {
    NDManager manager = parts.kernels().manager().newSubManager();
    return new ModelBatch<>(
        manager, parts.denoiser(manager), parts.kernels(), parts.samplers(), parts.latents());
  }

  @Override
  public Picture decode(HostTensor latents) {
    return codec.decode(latents);
  }

  @Override
  public DecoderStatistics decoderStatistics(HostTensor latents) {
    return codec.statistics(latents);
  }

  @Override
  public PictureRegion decodeRegion(HostTensor latents, Region region, DecoderStatistics recorded) {
    return codec.decodeRegion(latents, region, recorded);
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
