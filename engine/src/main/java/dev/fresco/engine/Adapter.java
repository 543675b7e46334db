package dev.fresco.engine;

/** A LoRA that was loaded for a model. It may be used by any number of pictures until closed. */
public interface Adapter extends AutoCloseable {
  /** What it was loaded from, for messages. */
  String name();

  @Override
  void close();
}
