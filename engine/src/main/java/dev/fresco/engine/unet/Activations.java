package dev.fresco.engine.unet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.kernel.AdapterTerms;
import dev.fresco.engine.kernel.Maps;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * What one forward pass holds on to: the time embedding, text and adapters that every part reads,
 * and the stack of skip connections. Tensors are freed as soon as nothing will read them again, so
 * that the pass needs the skips and one or two maps, not all that it ever computed.
 */
final class Activations {
  private final NDManager scope;
  private final NDArray time;
  private final AttendedText text;
  private final AdapterTerms terms;
  private final Deque<Maps> skips = new ArrayDeque<>();

  /**
   * @param time {@code [rows of all groups, time channels]}, after SiLU
   */
  Activations(NDManager scope, NDArray time, AttendedText text, AdapterTerms terms) {
    this.scope = scope;
    this.time = time;
    this.text = text;
    this.terms = terms;
  }

  NDManager scope() {
    return scope;
  }

  NDArray time() {
    return time;
  }

  AttendedText text() {
    return text;
  }

  AdapterTerms terms() {
    return terms;
  }

  /** Keeps maps for the way up; they stay open until {@link #takeSkip} hands them out. */
  Maps keepSkip(Maps maps) {
    skips.push(maps);
    return maps;
  }

  /** The latest skip left; the taker closes it. */
  Maps takeSkip() {
    return skips.pop();
  }

  /** The latest skip left, which tells the size to enlarge to. */
  Maps nextSkip() {
    return skips.element();
  }

  /** All skips, the first kept first. */
  Iterator<Maps> skipsInOrder() {
    return skips.descendingIterator();
  }
}
