package dev.fresco.engine.batch;

import dev.fresco.engine.EngineException;
import java.util.ArrayDeque;
import java.util.Deque;

/** Parts with native memory, closed together in the opposite order of their making. */
final class OwnedParts implements AutoCloseable {
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  <T extends AutoCloseable> T own(T part) {
    parts.push(part);
    return part;
  }

  @Override
  public void close() {
    while (!parts.isEmpty()) {
      AutoCloseable part = parts.pop();
      try {
        part.close();
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new EngineException(part + " could not be closed", e);
      }
    }
  }
}
