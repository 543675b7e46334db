package dev.fresco.benchmarks.engine;

import dev.fresco.engine.HostTensor;
import dev.fresco.engine.batch.LocalModel;
import java.util.List;
import java.util.stream.IntStream;

/** Threads that decode pictures without end, as a worker's do beside the one that steps. */
final class Decoders implements AutoCloseable {
  private final List<Thread> threads;
  private volatile boolean closed;

  /**
   * Starts them.
   *
   * @param latents {@code [channels, height, width]}
   */
  Decoders(LocalModel model, HostTensor latents, int count) {
    threads =
        IntStream.range(0, count)
            .mapToObj(i -> new Thread(() -> decode(model, latents), "decoder-" + i))
            .toList();
    threads.forEach(Thread::start);
  }

  private void decode(LocalModel model, HostTensor latents) {
    while (!closed) {
      model.decode(latents);
    }
  }

  /** Waits for the pictures at work. */
  @Override
  public void close() {
    closed = true;
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
