package dev.fresco.engine.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.Region;
import dev.fresco.engine.kernel.Kernel;

/**
 * A part of a map that a decoder works on.
 *
 * @param map {@code [batch, channels, place's height, place's width]}
 * @param place in the whole map
 */
record MapPart(NDArray map, Region place) {
  /** Another map of the same place. */
  MapPart of(NDArray other) {
    return new MapPart(other, place);
  }

  /**
   * A part of it; what is cut is closed.
   *
   * @param kernel {@code autoencoder}
   */
  MapPart cut(NDManager scope, Kernel kernel, Region smaller) {
    if (smaller.equals(place)) {
      return this;
    }
    Region inside = smaller.within(place);
    try (NDArray before = map) {
      NDArray cut =
          kernel
              .call("cut")
              .tensor(before)
              .integers(inside.top(), inside.bottom(), inside.left(), inside.right())
              .run(scope);
      return new MapPart(cut, smaller);
    }
  }
}
