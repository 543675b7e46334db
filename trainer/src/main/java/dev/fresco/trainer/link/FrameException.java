package dev.fresco.trainer.link;

import java.io.IOException;

/** What came over a connection is no frame of this protocol; the message says why. */
final class FrameException extends IOException {
  FrameException(String message) {
    super(message);
  }
}
