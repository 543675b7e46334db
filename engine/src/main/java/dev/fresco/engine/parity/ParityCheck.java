package dev.fresco.engine.parity;

import java.util.List;

/** Compares one subject of the engine with golden files. */
public interface ParityCheck {
  /** Whether the file is about this subject, by its name. */
  boolean reads(GoldenFile golden);

  /**
   * Runs the comparison.
   *
   * @return a row per reference tensor
   * @throws dev.fresco.engine.EngineException if the subject cannot be loaded or run
   */
  List<ParityRow> run(GoldenFile golden, ParitySettings settings);
}
