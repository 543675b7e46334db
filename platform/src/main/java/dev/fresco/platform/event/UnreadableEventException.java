package dev.fresco.platform.event;

/** A record's value is not the event that its topic carries. Trying again cannot help. */
public final class UnreadableEventException extends RuntimeException {
  public UnreadableEventException(String message, Throwable cause) {
    super(message, cause);
  }
}
