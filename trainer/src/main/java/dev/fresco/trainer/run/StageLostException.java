package dev.fresco.trainer.run;

/** A stage has died, failed or does not answer; the message says which and why. */
final class StageLostException extends Exception {
  StageLostException(String message) {
    super(message);
  }
}
