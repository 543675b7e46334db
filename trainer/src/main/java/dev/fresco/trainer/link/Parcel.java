package dev.fresco.trainer.link;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** A message on its way, with what has become of it. */
final class Parcel {
  private final MessageKey key;
  private final byte[] frame;
  private final CompletableFuture<Void> delivery = new CompletableFuture<>();
  private int failures;

  Parcel(MessageKey key, byte[] frame) {
    this.key = key;
    this.frame = frame;
  }

  MessageKey key() {
    return key;
  }

  byte[] frame() {
    return frame;
  }

  /** Tries so far that failed. Asked and counted by whichever delegate has the parcel. */
  int failures() {
    return failures;
  }

  void countFailure() {
    failures++;
  }

  void delivered() {
    delivery.complete(null);
  }

  void failed(LinkException cause) {
    delivery.completeExceptionally(cause);
  }

  /** Waits until it has arrived. */
  void awaitDelivery() throws InterruptedException {
    try {
      delivery.get();
    } catch (ExecutionException e) {
      throw new LinkException(e.getCause().getMessage(), e.getCause());
    }
  }
}
