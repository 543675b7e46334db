package dev.fresco.engine;

/** The engine could not do what was asked; the message names the category, the value and where. */
public class EngineException extends RuntimeException {
  public EngineException(String message) {
    super(message);
  }

  public EngineException(String message, Throwable cause) {
    super(message, cause);
  }
}
