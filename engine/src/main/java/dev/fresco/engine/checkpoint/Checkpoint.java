package dev.fresco.engine.checkpoint;

import dev.fresco.engine.EngineException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;

/** A whole model on disk: networks with their configurations, a scheduler's, and tokenizers. */
public interface Checkpoint {
  /**
   * Opens a folder in the layout of diffusers, or a file with a whole model.
   *
   * @throws EngineException naming the file, the key and what is wrong
   */
  static Checkpoint open(Path path) {
    if (Files.isDirectory(path)) {
      return ModelDirectory.open(path);
    }
    if (Files.isRegularFile(path) && path.toString().endsWith(SingleFile.ENDING)) {
      return SingleFile.open(path);
    }
    throw new EngineException(
        "model %s: is neither a folder nor a %s file".formatted(path, SingleFile.ENDING));
  }

  /** The folder or file that was opened. */
  Path path();

  /** How the checkpoint is run. */
  ModelFamily family();

  /**
   * A network by its name in diffusers' pipelines, such as {@code text_encoder_2}.
   *
   * @throws EngineException if there is none, or its configuration is for another class than the
   *     checkpoint says
   */
  Component component(String name);

  /**
   * The scheduler's configuration.
   *
   * @throws EngineException if it is missing or damaged
   */
  ConfigJson scheduler();

  /** A setting of the pipeline itself; the fallback where the checkpoint does not say. */
  default boolean setting(String key, boolean fallback) {
    return fallback;
  }

  /**
   * A folder of files, such as {@code tokenizer}.
   *
   * @throws EngineException if there is none
   */
  Path folder(String name);

  /**
   * All files that a load reads, by names that do not depend on where the checkpoint lies.
   *
   * @throws EngineException if something of the model is missing
   */
  SortedMap<String, Path> files();
}
