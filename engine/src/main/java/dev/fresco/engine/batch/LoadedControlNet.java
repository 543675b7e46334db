package dev.fresco.engine.batch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.ControlNet;
import dev.fresco.engine.ControlUse;
import dev.fresco.engine.EngineException;
import dev.fresco.engine.Picture;
import dev.fresco.engine.kernel.KernelLibrary;
import dev.fresco.engine.unet.ControlNetModel;

/** A ControlNet that was checked against a model. */
final class LoadedControlNet implements ControlNet {
  private final String name;
  private final ControlNetModel network;
  private final KernelLibrary kernels;
  private boolean closed;

  /**
   * @param network owned from now on
   * @param kernels of the model, which no other model has
   */
  LoadedControlNet(String name, ControlNetModel network, KernelLibrary kernels) {
    this.name = name;
    this.network = network;
    this.kernels = kernels;
  }

  /**
   * The one that a request uses.
   *
   * @param kernels of the model
   * @throws EngineException if it was loaded for another model, or closed
   */
  static LoadedControlNet of(ControlUse use, KernelLibrary kernels) {
    if (!(use.net() instanceof LoadedControlNet loaded) || loaded.kernels != kernels) {
      throw new EngineException(use.net().name() + " was not loaded for this model");
    }
    if (loaded.isClosed()) {
      throw new EngineException(use.net().name() + " was closed");
    }
    return loaded;
  }

  @Override
  public String name() {
    return name;
  }

  ControlNetModel network() {
    return network;
  }

  /** {@code [1, 3, height, width]} in 0..1. */
  NDArray pixels(NDManager scope, Picture picture) {
    return PictureCodec.pixels(scope, kernels.kernel("denoise"), picture);
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      network.close();
    }
  }
}
