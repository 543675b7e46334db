package dev.fresco.engine.checkpoint;

import dev.fresco.engine.EngineException;
import java.util.Map;

/**
 * Reads an architecture off the shapes of its weights.
 *
 * @param place of the weights, for errors
 * @param tensors by name
 */
record TensorSizes(String place, Map<String, StoredView> tensors) {
  boolean has(String name) {
    return tensors.containsKey(name);
  }

  /**
   * A size of a tensor.
   *
   * @param axis from 0
   * @throws EngineException if there is no such tensor, or it has not so many axes
   */
  int size(String name, int axis) {
    StoredTensor tensor = tensor(name);
    long size = axis < tensor.shape().length ? tensor.shape()[axis] : 0;
    if (size < 1 || size > ConfigJson.LARGEST_INTEGER) {
      throw new EngineException(
          "%s: %s is %s, which tells no size of the network"
              .formatted(place, name, tensor.describe()));
    }
    return (int) size;
  }

  /** How many axes a tensor has. */
  int axes(String name) {
    return tensor(name).shape().length;
  }

  /**
   * How many tensors there are whose names differ in a number from 0 on.
   *
   * @param before the number
   * @param after the number
   */
  int count(String before, String after) {
    int count = 0;
    while (has(before + count + after)) {
      count++;
    }
    return count;
  }

  private StoredTensor tensor(String name) {
    StoredView view = tensors.get(name);
    if (view == null) {
      throw new EngineException(
          "%s: has no %s, so that its sizes are not known".formatted(place, name));
    }
    return view.seen();
  }
}
