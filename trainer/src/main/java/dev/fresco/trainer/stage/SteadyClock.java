package dev.fresco.trainer.stage;

import java.time.Instant;
import java.time.InstantSource;

/** The time of day at its making, and from there on the machine's clock that never goes back. */
public final class SteadyClock implements InstantSource {
  private final Instant start = Instant.now();
  private final long startNanos = System.nanoTime();

  @Override
  public Instant instant() {
    return start.plusNanos(System.nanoTime() - startNanos);
  }
}
