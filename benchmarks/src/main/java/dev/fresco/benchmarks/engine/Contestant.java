package dev.fresco.benchmarks.engine;

import dev.fresco.engine.HostTensor;
import dev.fresco.engine.kernel.ComputeType;

/** Someone who can do the workload's steps. */
interface Contestant extends AutoCloseable {
  /** For tables. */
  String name();

  /** Of its products. */
  ComputeType format();

  /** Takes up so many pictures in place of those before. */
  void begin(int pictures);

  /** Takes steps, one at least. */
  Turn turn(int steps);

  /** {@code [channels, height, width]} after the steps so far. */
  HostTensor latents(int picture);

  ProcessFigures process();

  @Override
  void close();
}
