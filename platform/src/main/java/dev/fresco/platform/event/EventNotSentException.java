package dev.fresco.platform.event;

/** Kafka did not confirm a record in time. */
public final class EventNotSentException extends RuntimeException {
  public EventNotSentException(String message, Throwable cause) {
    super(message, cause);
  }
}
