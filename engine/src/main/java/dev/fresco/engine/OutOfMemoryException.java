package dev.fresco.engine;

/**
 * The device, or the process, has no memory for what was asked. Less at a time may fit: nothing has
 * moved, and what the attempt had taken is freed.
 */
public final class OutOfMemoryException extends EngineException {
  public OutOfMemoryException(String message, Throwable cause) {
    super(message, cause);
  }
}
