package dev.fresco.trainer.link;

/** A message could not be sent or did not come; the message names the link or the key. */
public class LinkException extends RuntimeException {
  public LinkException(String message) {
    super(message);
  }

  public LinkException(String message, Throwable cause) {
    super(message, cause);
  }
}
