package dev.fresco.engine.dit;

import ai.djl.ndarray.NDArray;
import dev.fresco.engine.recording.RecordedTensor;
import java.util.Map;
import java.util.function.Function;

/**
 * Keys and values of places that a pass takes from recordings instead of computing them, and those
 * that it leaves for recordings. A block has two tensors: {@code NAME.k}, after norm and rotation,
 * and {@code NAME.v}, both {@code [1, places, channels]} (InstGenIE, arXiv:2505.20600, section 4).
 *
 * @param sources by group of the layout; of groups with one member
 * @param sinks by group of the layout; of groups with one member
 */
public record RecordedStates(Map<Integer, Source> sources, Map<Integer, Sink> sinks) {
  /** All is computed and nothing is left behind. */
  public static final RecordedStates NONE = new RecordedStates(Map.of(), Map.of());

  public RecordedStates {
    sources = Map.copyOf(sources);
    sinks = Map.copyOf(sinks);
  }

  /**
   * A recording at one step.
   *
   * @param computed int64, the places that are computed, at least one and not all
   * @param tensors by their names
   */
  public record Source(NDArray computed, Function<String, RecordedTensor> tensors) {}

  /** Takes what blocks leave behind. */
  public interface Sink {
    /**
     * @param tensor in any type; closed when the call returns
     */
    void take(String name, NDArray tensor);
  }
}
