package dev.fresco.engine;

/** Numbers of one picture became infinite or not a number. */
public final class NotFiniteException extends EngineException {
  public NotFiniteException(String message) {
    super(message);
  }
}
