package dev.fresco.engine.unet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Keys and values of the text for every cross-attention of a network. They do not change from step
 * to step, so a batch computes them once for as long as its rows stay.
 */
public final class AttendedText implements AutoCloseable {
  private final NDManager manager;
  private final Map<String, List<NDArray>> byTransformer = new HashMap<>();

  private AttendedText(NDManager manager) {
    this.manager = manager;
  }

  /** Lets a network put in what it needs; if it fails, nothing stays allocated. */
  static AttendedText filled(NDManager parent, Consumer<AttendedText> network) {
    AttendedText text = new AttendedText(parent.newSubManager());
    try {
      network.accept(text);
      return text;
    } catch (RuntimeException | Error e) {
      text.close();
      throw e;
    }
  }

  NDManager manager() {
    return manager;
  }

  void put(String transformer, NDArray[] keysAndValues) {
    byTransformer.put(transformer, List.of(keysAndValues));
  }

  List<NDArray> of(String transformer) {
    return byTransformer.get(transformer);
  }

  @Override
  public void close() {
    manager.close();
  }
}
