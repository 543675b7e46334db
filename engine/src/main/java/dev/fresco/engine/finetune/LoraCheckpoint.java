package dev.fresco.engine.finetune;

import dev.fresco.engine.EngineException;
import dev.fresco.engine.kernel.KernelLibrary;
import dev.fresco.engine.training.ParameterFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A training of a LoRA between two steps, in one file. With the same settings, model and pictures
 * it goes on bit for bit.
 *
 * @param settings what decides about the numbers
 * @param model the checkpoint's revision
 * @param pictures a digest of all of them
 */
record LoraCheckpoint(Path file, String settings, String model, String pictures) {
  private static final String SETTINGS = "settings";
  private static final String MODEL = "model";
  private static final String PICTURES = "pictures";

  /**
   * Writes the file, in the place of an earlier one.
   *
   * @throws EngineException if it cannot be written, and the earlier one stays
   */
  void save(LoraFactors factors) {
    ParameterFile.save(
        factors.parameters(), Map.of(SETTINGS, settings, MODEL, model, PICTURES, pictures), file);
  }

  boolean exists() {
    return Files.exists(file);
  }

  /** Steps that were taken when it was saved. */
  long steps() {
    try (ParameterFile source = ParameterFile.open(file)) {
      return source.steps();
    }
  }

  /**
   * @throws EngineException if the file cannot be read, is damaged or of another training
   */
  void requireOwn() {
    try (ParameterFile source = ParameterFile.open(file)) {
      requireOwn(source);
    }
  }

  private void requireOwn(ParameterFile source) {
    source.requireText(SETTINGS, settings);
    source.requireText(MODEL, model);
    source.requireText(PICTURES, pictures);
  }

  /**
   * @param layers of the network, {@code [out, in]} by path
   * @throws EngineException if the file cannot be read, is damaged or of another training
   */
  LoraFactors load(KernelLibrary kernels, Map<String, long[]> layers, int rank) {
    try (ParameterFile source = ParameterFile.open(file)) {
      requireOwn(source);
      return LoraFactors.resume(kernels, layers, rank, source);
    }
  }
}
