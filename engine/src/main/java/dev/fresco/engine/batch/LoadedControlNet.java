package dev.fresco.engine.batch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.ControlNet;
import dev.fresco.engine.Picture;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.unet.ControlNetModel;

/** A ControlNet that was checked against a model. */
record LoadedControlNet(String name, ControlNetModel network, Kernel kernel) implements ControlNet {

  /** {@code [1, 3, height, width]} in 0..1. */
  NDArray pixels(NDManager scope, Picture picture) {
    return PictureCodec.pixels(scope, kernel, picture);
  }

  @Override
  public void close() {
    network.close();
  }
}
