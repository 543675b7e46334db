package dev.fresco.engine.checkpoint;

import dev.fresco.engine.EngineException;
import java.nio.file.Path;
import java.util.SortedMap;

/** A whole model on disk: networks with their configurations, a scheduler's, and tokenizers. */
public interface Checkpoint {
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
