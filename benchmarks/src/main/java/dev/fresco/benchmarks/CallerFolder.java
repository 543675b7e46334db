package dev.fresco.benchmarks;

import java.nio.file.Path;

/** The folder that {@code ./fresco} was called from, which relative paths of a user start at. */
public final class CallerFolder {
  private static final String VARIABLE = "FRESCO_CALLER";

  private CallerFolder() {}

  /** A path as the caller meant it. */
  public static Path resolve(Path path) {
    String caller = System.getenv(VARIABLE);
    return caller == null ? path : Path.of(caller).resolve(path).normalize();
  }
}
