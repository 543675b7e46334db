package dev.fresco.engine.batch;

import ai.djl.ndarray.NDManager;
import dev.fresco.engine.ControlNet;
import dev.fresco.engine.adapter.LoraComponent;
import dev.fresco.engine.adapter.NetworkLayers;
import dev.fresco.engine.kernel.KernelLibrary;
import dev.fresco.engine.sampler.SamplerSet;
import dev.fresco.engine.text.PromptEncoder;
import dev.fresco.engine.vae.Autoencoder;
import java.nio.file.Path;
import java.util.Map;

/** What a model consists of, in the way of its family. */
interface ModelParts {
  KernelLibrary kernels();

  PromptEncoder prompts();

  Autoencoder autoencoder();

  SamplerSet samplers();

  /** Those that the denoising network works on. */
  ModelBatch.Latents latents();

  /** The layers that adapters may change, by the names that trainers use. */
  Map<LoraComponent, NetworkLayers> adaptableLayers();

  /**
   * The denoising network for the steps of one batch.
   *
   * @param manager of the batch
   */
  Denoiser denoiser(NDManager manager);

  /**
   * Loads a ControlNet that fits the model.
   *
   * @throws dev.fresco.engine.EngineException naming what is wrong or does not fit
   */
  ControlNet loadControlNet(Path folder);
}
