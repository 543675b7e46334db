package dev.fresco.engine.unet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What one forward pass holds on to: the time embedding and context that every part reads, and the
 * stack of skip connections. Tensors are freed as soon as nothing will read them again, so that the
 * pass needs the skips and one or two maps, not all that it ever computed.
 */
final class Activations {
  private final NDManager scope;
  private final NDArray time;
  private final NDArray context;
  private final Deque<NDArray> skips = new ArrayDeque<>();

  /**
   * @param time {@code [batch, time channels]}
   * @param context {@code [batch, words, context channels]}
   */
  Activations(NDManager scope, NDArray time, NDArray context) {
    this.scope = scope;
    this.time = time;
    this.context = context;
  }

  NDManager scope() {
    return scope;
  }

  NDArray time() {
    return time;
  }

  NDArray context() {
    return context;
  }

  /** Keeps a map for the way up; it stays open until {@link #takeSkip} hands it out. */
  NDArray keepSkip(NDArray map) {
    skips.push(map);
    return map;
  }

  /** The latest skip left; the taker closes it. */
  NDArray takeSkip() {
    return skips.pop();
  }

  /** The latest skip left, which tells the size to enlarge to. */
  NDArray nextSkip() {
    return skips.element();
  }
}
