package dev.fresco.benchmarks.serving;

import dev.fresco.engine.EngineException;

/** A server did not start, or did not do what was asked. */
final class ServingException extends EngineException {
  ServingException(String message) {
    super(message);
  }

  ServingException(String message, Throwable cause) {
    super(message, cause);
  }
}
