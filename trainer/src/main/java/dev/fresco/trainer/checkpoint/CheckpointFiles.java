package dev.fresco.trainer.checkpoint;

import java.nio.file.Path;

/** How files of a checkpoint are named. */
public final class CheckpointFiles {
  static final String MANIFEST = "manifest.json";
  private static final String FOLDER = "iteration-";

  private CheckpointFiles() {}

  /** Weights and moments of a piece of the model. */
  public static Path piece(Path folder, int piece) {
    return folder.resolve("piece-%03d.safetensors".formatted(piece));
  }

  static Path folder(Path root, long iteration) {
    return root.resolve(FOLDER + "%09d".formatted(iteration));
  }

  static boolean isCheckpoint(Path folder) {
    return folder.getFileName().toString().matches(FOLDER + "\\d{9,18}");
  }
}
