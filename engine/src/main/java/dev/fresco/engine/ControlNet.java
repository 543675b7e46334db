package dev.fresco.engine;

/** A ControlNet that was loaded for a model. Any number of pictures may use it until closed. */
public interface ControlNet extends AutoCloseable {
  /** What it was loaded from, for messages. */
  String name();

  @Override
  void close();
}
