package dev.fresco.benchmarks.peer;

import dev.fresco.engine.EngineException;

/** The peer could not be started, or could not do what was asked. */
public final class PeerException extends EngineException {
  public PeerException(String message) {
    super(message);
  }

  PeerException(String message, Throwable cause) {
    super(message, cause);
  }
}
